#include "core/io/atomic_file.h"

#include <sys/resource.h>

#include <csignal>

#include "tests/check.h"
#include "tests/temporary_folder.h"

namespace robertorch {
namespace {

using test::TemporaryFolder;

void writeAll(const std::string& path, const std::string& text) {
  AtomicFile file(path);
  file.write(text.data(), text.size());
  file.commit();
}

TEST("a committed file has its name and nothing else is left", {
  const TemporaryFolder folder;
  writeAll(folder.at("file"), "new");
  EXPECT_EQ(test::readFile(folder.at("file")), "new");
  EXPECT_EQ(folder.entries(), 1u);
});

TEST("a file that is not committed leaves the old one", {
  const TemporaryFolder folder;
  test::writeFile(folder.at("file"), "old");
  {
    AtomicFile file(folder.at("file"));
    file.write("half", 4);
    EXPECT_EQ(test::readFile(folder.at("file")), "old");
  }
  EXPECT_EQ(test::readFile(folder.at("file")), "old");
  EXPECT_EQ(folder.entries(), 1u);
});

TEST("writers of the same name do not meet", {
  const TemporaryFolder folder;
  AtomicFile first(folder.at("file"));
  AtomicFile second(folder.at("file"));
  first.write("first", 5);
  second.write("second", 6);
  second.commit();
  EXPECT_EQ(test::readFile(folder.at("file")), "second");
  first.commit();
  EXPECT_EQ(test::readFile(folder.at("file")), "first");
  EXPECT_EQ(folder.entries(), 1u);
});

TEST("a temporary file that a killed process left behind is not in the way", {
  const TemporaryFolder folder;
  std::string leftBehind;
  {
    AtomicFile probe(folder.at("file"));
    leftBehind = std::filesystem::directory_iterator(folder.at("."))->path().string();
  }
  // The next one of this process: its serial number is one higher.
  const size_t dash = leftBehind.rfind('-');
  leftBehind = leftBehind.substr(0, dash + 1) + std::to_string(std::stoul(leftBehind.substr(dash + 1)) + 1);
  test::writeFile(leftBehind, "of another");
  writeAll(folder.at("file"), "new");
  EXPECT_EQ(test::readFile(folder.at("file")), "new");
  EXPECT_EQ(test::readFile(leftBehind), "of another");
});

TEST("a folder that is missing or no folder is refused", {
  const TemporaryFolder folder;
  EXPECT_REFUSED(writeAll(folder.at("missing/file"), "x"),
                 "missing/file: cannot be created (No such file or directory)");
  test::writeFile(folder.at("file"), "old");
  EXPECT_REFUSED(writeAll(folder.at("file/below"), "x"), "cannot be created (Not a directory)");
});

TEST("a folder in place of the file is refused and nothing is left", {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder.at("file/inside"));
  EXPECT_REFUSED(writeAll(folder.at("file"), "x"), "cannot be renamed to its final name (Is a directory)");
  EXPECT_EQ(folder.entries(), 1u);
});

TEST("a full disk leaves the old file and no other", {
  const TemporaryFolder folder;
  test::writeFile(folder.at("file"), "old");
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  // Beyond this size every write fails, as on a full disk. Node ignores the signal that comes with it, too.
  std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{100'000, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  const std::string message =
      test::refusal(__FILE__, __LINE__, [&] { writeAll(folder.at("file"), std::string(1'000'000, 'x')); });
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT(message.find("cannot be written (File too large)") != std::string::npos);
  EXPECT_EQ(test::readFile(folder.at("file")), "old");
  EXPECT_EQ(folder.entries(), 1u);
});

}  // namespace
}  // namespace robertorch
