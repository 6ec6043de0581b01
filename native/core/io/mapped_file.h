// A whole file in memory without reading it: pages come when touched. The mapping is private, so writing to
// it (training in place on loaded weights) never reaches the file. Needs no LibTorch.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace robertorch {

class MappedFile {
 public:
  /** Throws CheckpointError when the file cannot be opened, is no regular file or cannot be mapped. */
  static std::shared_ptr<MappedFile> open(const std::string& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  /**
   * Gives back the memory of the whole pages in a range: they come from the file again when touched, and what
   * was written to them is lost. Does nothing, and returns false, for a range that lies in no mapping.
   */
  static bool forget(const void* data, size_t bytes);

  std::byte* data() const { return data_; }
  size_t size() const { return size_; }
  std::span<const std::byte> bytes() const { return {data_, size_}; }

 private:
  MappedFile(std::byte* data, size_t size);
  void leave();

  std::byte* data_;
  size_t size_;
};

}  // namespace robertorch
