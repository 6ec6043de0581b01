// Nothing is ever left half-written under its final name: bytes go to a temporary sibling, are flushed to the
// disk and renamed. Needs no LibTorch.
#pragma once

#include <cstddef>
#include <cstdio>
#include <string>

namespace robertorch {

class AtomicFile {
 public:
  explicit AtomicFile(std::string path);
  /** Removes the temporary file unless `commit` was reached. */
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(const void* data, size_t bytes);
  /** Flushes the file and its folder to the disk and gives it its final name. */
  void commit();

 private:
  [[noreturn]] void fail(const char* what);

  std::string path_;
  std::string temporary_;
  std::FILE* file_ = nullptr;
};

}  // namespace robertorch
