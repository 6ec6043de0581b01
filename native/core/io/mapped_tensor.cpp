#include "core/io/mapped_tensor.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

#include "core/io/mapped_file.h"
#include "core/runtime/errors.h"

namespace robertorch {

at::Tensor mapFile(const std::string& path) {
  std::shared_ptr<MappedFile> file = MappedFile::open(path);
  const auto size = static_cast<int64_t>(file->size());
  if (size == 0) return at::empty({0}, at::kByte);
  std::byte* data = file->data();
  return at::from_blob(data, {size}, [file = std::move(file)](void*) {}, at::TensorOptions(at::kByte));
}

at::Tensor storageOver(const at::Tensor& tensor, int64_t begin, int64_t length) {
  if (!tensor.device().is_cpu() || !tensor.is_contiguous()) {
    throw Error(ErrorKind::kArgument, "only contiguous memory of the CPU can be divided into storages");
  }
  const auto size = static_cast<int64_t>(tensor.nbytes());
  if (begin < 0 || length < 0 || begin > size || length > size - begin) {
    throw Error(ErrorKind::kIndex, "bytes " + std::to_string(begin) + " to " +
                                       std::to_string(begin + length) + " lie outside the " +
                                       std::to_string(size) + " bytes of the tensor");
  }
  if (length == 0) return at::empty({0}, at::kByte);
  auto* data = static_cast<std::byte*>(tensor.mutable_data_ptr()) + begin;
  return at::from_blob(data, {length}, [owner = tensor.storage()](void*) {}, at::TensorOptions(at::kByte));
}

at::Tensor wholeStorage(const at::Tensor& tensor) {
  if (!tensor.device().is_cpu() || !tensor.has_storage()) {
    throw Error(ErrorKind::kArgument, "only storages of the CPU can be looked at as bytes");
  }
  const c10::Storage storage = tensor.storage();
  const auto size = static_cast<int64_t>(storage.nbytes());
  if (size == 0) return at::empty({0}, at::kByte);
  void* data = storage.mutable_data();
  return at::from_blob(data, {size}, [storage](void*) {}, at::TensorOptions(at::kByte));
}

}  // namespace robertorch
