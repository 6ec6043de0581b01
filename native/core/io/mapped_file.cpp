#include "core/io/mapped_file.h"

#include <cerrno>
#include <cstring>
#include <map>
#include <mutex>

#include "core/runtime/errors.h"

#if defined(_WIN32)
#include <windows.h>
#else
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace robertorch {
namespace {

/** All mappings of the process, by their first byte. */
struct Mappings {
  std::mutex mutex;
  std::map<const std::byte*, size_t> sizes;
};

// Leaked on purpose: tensors may outlive static objects.
Mappings& mappings() {
  static auto* instance = new Mappings();
  return *instance;
}

bool isMapped(const std::map<const std::byte*, size_t>& sizes, const std::byte* begin, size_t bytes) {
  auto after = sizes.upper_bound(begin);
  if (after == sizes.begin()) return false;
  const auto& [first, size] = *std::prev(after);
  const auto offset = static_cast<size_t>(begin - first);
  return offset <= size && bytes <= size - offset;
}

}  // namespace

MappedFile::MappedFile(std::byte* data, size_t size) : data_(data), size_(size) {
  if (data == nullptr) return;
  const std::lock_guard lock(mappings().mutex);
  mappings().sizes.emplace(data, size);
}

void MappedFile::leave() {
  const std::lock_guard lock(mappings().mutex);
  mappings().sizes.erase(data_);
}

bool MappedFile::forget(const void* data, size_t bytes) {
  // Held to the end: the mapping must not go away meanwhile.
  const std::lock_guard lock(mappings().mutex);
  const auto* begin = static_cast<const std::byte*>(data);
  if (!isMapped(mappings().sizes, begin, bytes)) return false;
#if !defined(_WIN32)
  const auto page = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
  const uintptr_t first = (reinterpret_cast<uintptr_t>(begin) + page - 1) / page * page;
  const uintptr_t last = (reinterpret_cast<uintptr_t>(begin) + bytes) / page * page;
  if (first < last) ::madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
#endif
  return true;
}

#if defined(_WIN32)

std::shared_ptr<MappedFile> MappedFile::open(const std::string& path) {
  auto refuse = [&](const char* what) {
    throw Error(ErrorKind::kCheckpoint,
                path + ": " + what + " (Windows error " + std::to_string(GetLastError()) + ")");
  };
  const int length = MultiByteToWideChar(CP_UTF8, 0, path.c_str(), -1, nullptr, 0);
  std::wstring wide(length, L'\0');
  MultiByteToWideChar(CP_UTF8, 0, path.c_str(), -1, wide.data(), length);
  HANDLE file = CreateFileW(wide.c_str(), GENERIC_READ, FILE_SHARE_READ, nullptr, OPEN_EXISTING,
                            FILE_ATTRIBUTE_NORMAL, nullptr);
  if (file == INVALID_HANDLE_VALUE) refuse("cannot be opened");
  LARGE_INTEGER size;
  if (!GetFileSizeEx(file, &size)) {
    CloseHandle(file);
    refuse("its size cannot be read");
  }
  void* data = nullptr;
  if (size.QuadPart > 0) {
    HANDLE mapping = CreateFileMappingW(file, nullptr, PAGE_WRITECOPY, 0, 0, nullptr);
    if (mapping != nullptr) {
      data = MapViewOfFile(mapping, FILE_MAP_COPY, 0, 0, 0);
      CloseHandle(mapping);
    }
  }
  CloseHandle(file);
  if (size.QuadPart > 0 && data == nullptr) refuse("cannot be mapped into memory");
  return std::shared_ptr<MappedFile>(new MappedFile(static_cast<std::byte*>(data), size.QuadPart));
}

MappedFile::~MappedFile() {
  if (data_ == nullptr) return;
  leave();
  UnmapViewOfFile(data_);
}

#else

std::shared_ptr<MappedFile> MappedFile::open(const std::string& path) {
  auto refuse = [&](const std::string& what) {
    throw Error(ErrorKind::kCheckpoint, path + ": " + what + " (" + std::strerror(errno) + ")");
  };
  // Without O_NONBLOCK opening a pipe that nobody writes to would wait for ever; a regular file knows no
  // difference.
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) refuse("cannot be opened");
  struct stat status{};
  if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(file);
    errno = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
    refuse("is not a regular file");
  }
  const auto size = static_cast<size_t>(status.st_size);
  void* data = nullptr;
  if (size > 0) data = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
  const int mapError = errno;
  ::close(file);
  if (data == MAP_FAILED) {
    errno = mapError;
    refuse("cannot be mapped into memory");
  }
  return std::shared_ptr<MappedFile>(new MappedFile(static_cast<std::byte*>(data), size));
}

MappedFile::~MappedFile() {
  if (data_ == nullptr) return;
  leave();
  ::munmap(data_, size_);
}

#endif

}  // namespace robertorch
