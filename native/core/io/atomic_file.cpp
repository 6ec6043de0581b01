#include "core/io/atomic_file.h"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "core/runtime/errors.h"

#if defined(_WIN32)
#include <io.h>
#include <process.h>
#else
#include <fcntl.h>
#include <unistd.h>
#endif

namespace robertorch {
namespace {

std::string temporaryName(const std::string& path) {
  static std::atomic<unsigned> serial{0};
#if defined(_WIN32)
  const int process = _getpid();
#else
  const int process = ::getpid();
#endif
  return path + ".tmp-" + std::to_string(process) + "-" + std::to_string(serial++);
}

}  // namespace

AtomicFile::AtomicFile(std::string path) : path_(std::move(path)) {
  // A name that exists is left alone: a killed process may have left it, or one in another container with the
  // same process id may be writing it now.
  do {
    temporary_ = temporaryName(path_);
    file_ = std::fopen(temporary_.c_str(), "wbx");
  } while (file_ == nullptr && errno == EEXIST);
  if (file_ == nullptr) fail("cannot be created");
}

AtomicFile::~AtomicFile() {
  if (file_ == nullptr) return;
  std::fclose(file_);
  std::remove(temporary_.c_str());
}

void AtomicFile::fail(const char* what) {
  const int reason = errno;
  throw Error(ErrorKind::kCheckpoint, path_ + ": " + what + " (" + std::strerror(reason) + ")",
              reason == ENOSPC ? "free some space on this disk; the file of that name is unchanged"
                               : "the file of that name, if there was one, is unchanged");
}

void AtomicFile::write(const void* data, size_t bytes) {
  if (bytes > 0 && std::fwrite(data, 1, bytes, file_) != bytes) fail("cannot be written");
}

void AtomicFile::commit() {
  if (std::fflush(file_) != 0) fail("cannot be written");
#if defined(_WIN32)
  if (_commit(_fileno(file_)) != 0) fail("cannot be flushed to the disk");
#else
  if (::fsync(fileno(file_)) != 0) fail("cannot be flushed to the disk");
#endif
  std::FILE* file = file_;
  file_ = nullptr;
  if (std::fclose(file) != 0) {
    std::remove(temporary_.c_str());
    fail("cannot be closed");
  }
  std::error_code error;
  std::filesystem::rename(temporary_, path_, error);
  if (error) {
    std::remove(temporary_.c_str());
    errno = error.value();
    fail("cannot be renamed to its final name");
  }
#if !defined(_WIN32)
  // The new name itself is durable only when the folder is.
  const std::string folder = std::filesystem::path(path_).parent_path().string();
  const int handle = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (handle >= 0) {
    ::fsync(handle);
    ::close(handle);
  }
#endif
}

}  // namespace robertorch
