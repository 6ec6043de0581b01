#include "core/io/safetensors.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <unordered_set>

#include "core/io/atomic_file.h"
#include "core/io/mapped_file.h"
#include "core/io/safetensors_header.h"
#include "core/runtime/errors.h"

namespace robertorch {
namespace {

constexpr std::array<std::pair<std::string_view, at::ScalarType>, 15> kDTypes{{
    {"F32", at::kFloat},
    {"F16", at::kHalf},
    {"BF16", at::kBFloat16},
    {"F64", at::kDouble},
    {"I64", at::kLong},
    {"I32", at::kInt},
    {"I16", at::kShort},
    {"I8", at::kChar},
    {"U8", at::kByte},
    {"BOOL", at::kBool},
    {"U16", at::kUInt16},
    {"U32", at::kUInt32},
    {"U64", at::kUInt64},
    {"F8_E4M3", at::kFloat8_e4m3fn},
    {"F8_E5M2", at::kFloat8_e5m2},
}};

at::ScalarType dtypeOf(const std::string& name) {
  return std::find_if(kDTypes.begin(), kDTypes.end(), [&](const auto& pair) { return pair.first == name; })
      ->second;
}

std::string nameOf(at::ScalarType dtype, const std::string& tensor) {
  for (const auto& [name, known] : kDTypes) {
    if (known == dtype) return std::string(name);
  }
  throw Error(ErrorKind::kDType, "tensor '" + tensor + "' has the dtype " + c10::toString(dtype) +
                                     ", which safetensors cannot hold");
}

// `owner` keeps the memory at `base` for as long as a view of it lives.
template <typename Owner>
at::Tensor viewOf(const Owner& owner, std::byte* base, const SafetensorsEntry& entry) {
  const at::TensorOptions options = at::TensorOptions(dtypeOf(entry.dtype));
  std::byte* data = base + entry.begin;
  const size_t item = safetensorsItemSize(entry.dtype);
  if (reinterpret_cast<uintptr_t>(data) % item != 0) {
    // Only a header that is not padded to 8 bytes leads here; kernels require aligned elements.
    at::Tensor copy = at::empty(entry.shape, options);
    std::memcpy(copy.mutable_data_ptr(), data, entry.end - entry.begin);
    return copy;
  }
  return at::from_blob(data, entry.shape, [owner](void*) {}, options);
}

template <typename Owner>
SafetensorsFile viewsOf(const Owner& owner, std::byte* base, size_t size, const std::string& name) {
  SafetensorsHeader header = parseSafetensorsHeader({base, size}, name);
  SafetensorsFile result;
  result.metadata = std::move(header.metadata);
  result.tensors.reserve(header.entries.size());
  for (const SafetensorsEntry& entry : header.entries) {
    try {
      result.tensors.emplace_back(entry.name, viewOf(owner, base, entry));
    } catch (const c10::Error& error) {
      // The format allows what LibTorch does not: an empty tensor whose other sizes overflow its strides.
      throw Error(ErrorKind::kCheckpoint,
                  name + ": tensor '" + entry.name + "' cannot be made: " + error.what_without_backtrace());
    }
  }
  return result;
}

}  // namespace

SafetensorsFile loadSafetensors(const std::string& path) {
  const std::shared_ptr<MappedFile> file = MappedFile::open(path);
  return viewsOf(file, file->data(), file->size(), path);
}

SafetensorsFile loadSafetensors(std::span<const std::byte> bytes, const std::string& name) {
  // Before anything is read: another thread may write to a SharedArrayBuffer between a check and its use.
  const at::Tensor copy = at::empty({static_cast<int64_t>(bytes.size())}, at::kByte);
  auto* base = static_cast<std::byte*>(copy.mutable_data_ptr());
  if (!bytes.empty()) std::memcpy(base, bytes.data(), bytes.size());
  return viewsOf(copy, base, bytes.size(), name);
}

SafetensorsLayout layOutSafetensors(const NamedTensors& tensors,
                                    const std::map<std::string, std::string>& metadata) {
  // As the reference writer does: widest dtype first, then by name, so that every tensor is aligned.
  std::vector<std::pair<SafetensorsEntry, const at::Tensor*>> order;
  std::unordered_set<std::string> names;
  for (const auto& [name, tensor] : tensors) {
    if (!names.insert(name).second)
      throw Error(ErrorKind::kArgument, "the tensor name '" + name + "' is given twice");
    SafetensorsEntry entry;
    entry.name = name;
    entry.dtype = nameOf(tensor.scalar_type(), name);
    entry.shape = tensor.sizes().vec();
    order.emplace_back(std::move(entry), &tensor);
  }
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    const size_t sizeA = safetensorsItemSize(a.first.dtype), sizeB = safetensorsItemSize(b.first.dtype);
    return sizeA != sizeB ? sizeA > sizeB : a.first.name < b.first.name;
  });
  SafetensorsHeader header;
  header.metadata = metadata;
  uint64_t offset = 0;
  for (auto& [entry, tensor] : order) {
    entry.begin = offset;
    entry.end = offset + tensor->nbytes();
    offset = entry.end;
    header.entries.push_back(entry);
  }
  SafetensorsLayout layout{buildSafetensorsHeader(header), {}, 0};
  for (const auto& [entry, tensor] : order) layout.order.push_back(tensor);
  layout.bytes = layout.head.size() + offset;
  return layout;
}

void writeSafetensors(const SafetensorsLayout& layout,
                      const std::function<void(const void* data, size_t bytes)>& write) {
  write(layout.head.data(), layout.head.size());
  for (const at::Tensor* tensor : layout.order) {
    const at::Tensor bytes = tensor->detach().to(at::kCPU).resolve_neg().contiguous();
    write(bytes.const_data_ptr(), bytes.nbytes());
  }
}

void saveSafetensors(const std::string& path, const NamedTensors& tensors,
                     const std::map<std::string, std::string>& metadata) {
  const SafetensorsLayout layout = layOutSafetensors(tensors, metadata);
  AtomicFile file(path);
  writeSafetensors(layout, [&](const void* data, size_t bytes) { file.write(data, bytes); });
  file.commit();
}

}  // namespace robertorch
