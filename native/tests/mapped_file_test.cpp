#include "core/io/mapped_file.h"

#include <sys/stat.h>

#include "tests/check.h"
#include "tests/temporary_folder.h"

namespace robertorch {
namespace {

using test::TemporaryFolder;

TEST("writing to a mapping never reaches the file", {
  const TemporaryFolder folder;
  test::writeFile(folder.at("file"), "hello");
  {
    const auto file = MappedFile::open(folder.at("file"));
    EXPECT_EQ(file->size(), 5u);
    file->data()[0] = std::byte{'J'};
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(file->data()), 5), "Jello");
  }
  EXPECT_EQ(test::readFile(folder.at("file")), "hello");
});

TEST("a mapping outlives its file", {
  const TemporaryFolder folder;
  test::writeFile(folder.at("file"), std::string(100'000, 'x'));
  const auto file = MappedFile::open(folder.at("file"));
  std::filesystem::remove(folder.at("file"));
  EXPECT(file->bytes().back() == std::byte{'x'});
});

TEST("pages that are forgotten come from the file again", {
  const TemporaryFolder folder;
  const size_t size = 1 << 20;
  test::writeFile(folder.at("file"), std::string(size, 'x'));
  {
    const auto file = MappedFile::open(folder.at("file"));
    std::byte* inside = file->data() + size / 2;
    *inside = std::byte{'y'};
    EXPECT(MappedFile::forget(file->data(), size));
    EXPECT(*inside == std::byte{'x'});
    // Within one page there is nothing to give back.
    *inside = std::byte{'y'};
    EXPECT(MappedFile::forget(inside, 1));
    EXPECT(*inside == std::byte{'y'});
    EXPECT(MappedFile::forget(file->data() + size, 0));
    EXPECT(!MappedFile::forget(file->data(), size + 1));
    EXPECT(!MappedFile::forget(file->data() - 1, 1));
  }
  std::string heap(size, 'z');
  EXPECT(!MappedFile::forget(heap.data(), heap.size()));
  EXPECT(heap.back() == 'z');
});

TEST("an empty file is an empty mapping", {
  const TemporaryFolder folder;
  test::writeFile(folder.at("file"), "");
  EXPECT_EQ(MappedFile::open(folder.at("file"))->bytes().size(), 0u);
});

TEST("what is no regular file is refused and never waited for", {
  const TemporaryFolder folder;
  EXPECT_REFUSED(MappedFile::open(folder.at("nothing")),
                 "nothing: cannot be opened (No such file or directory)");
  EXPECT_REFUSED(MappedFile::open(folder.at(".")), "is not a regular file (Is a directory)");
  EXPECT_REFUSED(MappedFile::open("/dev/zero"), "/dev/zero: is not a regular file");
  EXPECT_EQ(::mkfifo(folder.at("pipe").c_str(), 0600), 0);
  EXPECT_REFUSED(MappedFile::open(folder.at("pipe")), "pipe: is not a regular file");
  test::writeFile(folder.at("file"), "x");
  EXPECT_REFUSED(MappedFile::open(folder.at("file/below")), "cannot be opened (Not a directory)");
});

}  // namespace
}  // namespace robertorch
