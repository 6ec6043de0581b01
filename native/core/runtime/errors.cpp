#include "core/runtime/errors.h"

#include <new>
#include <string_view>

#include "core/torch.h"

namespace robertorch {
namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// LibTorch raises most failures as one class; only the text tells a wrong shape from a wrong dtype. The
// phrases are those of ATen's own checks (ExpandUtils, LinearAlgebra, TensorIterator, Linear) and change
// rarely.
ErrorKind kindFromText(std::string_view text) {
  for (const char* phrase : {"not enough memory", "can't allocate memory", "out of memory",
                             "Storage size calculation "
                             "overflowed"}) {
    if (contains(text, phrase)) return ErrorKind::kOutOfMemory;
  }
  for (const char* phrase :
       {"on the same device", "Torch not compiled with CUDA", "No CUDA GPUs", "CUDA driver",
        "Cannot access accelerator device", "Expected all tensors to be on", "backend device", "device type",
        "is not linked with support for", "with arguments from the '"}) {
    if (contains(text, phrase)) return ErrorKind::kDevice;
  }
  for (const char* phrase :
       {"scalar type", "dtype", "same type", "result type", "ScalarType", "implemented for '"}) {
    if (contains(text, phrase)) return ErrorKind::kDType;
  }
  for (const char* phrase : {"must match the size of tensor", "size mismatch", "cannot be multiplied",
                             "is invalid for input of size", "shape", "Sizes of tensors must match",
                             "dimension", "expected to be equal", "number of sizes", "expanded size",
                             "stack expects each tensor", "same size", "batch_size"}) {
    if (contains(text, phrase)) return ErrorKind::kShape;
  }
  if (contains(text, "index out of range") || contains(text, "out of bounds")) return ErrorKind::kIndex;
  return ErrorKind::kTorch;
}

// The dispatcher's own error goes on for pages about builds and mobile phones.
void shortenDispatch(std::string& message) {
  const size_t end = message.find(" This could be because the operator doesn't exist");
  if (end != std::string::npos) message.resize(end);
}

std::string hintFor(ErrorKind kind, std::string_view message) {
  if (kind == ErrorKind::kOutOfMemory) return "use a smaller batch, or dispose tensors no longer needed";
  const bool cuda = contains(message, "CUDA") || contains(message, "cuda");
  if (kind == ErrorKind::kDevice && cuda && !at::hasCUDA()) {
    return "torch.cuda.is_available() is false here: `npx robertorch doctor` says why";
  }
  return "";
}

ErrorDescription describeTorch(const c10::Error& error, std::optional<ErrorKind> given = std::nullopt) {
  std::string message = error.what_without_backtrace();
  shortenDispatch(message);
  const ErrorKind kind = given.value_or(kindFromText(message));
  return {kind, message, hintFor(kind, message), error.what()};
}

}  // namespace

ErrorDescription describe(const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const Error& error) {
    return {error.kind, error.what(), error.hint, ""};
  } catch (const c10::OutOfMemoryError& error) {
    return describeTorch(error, ErrorKind::kOutOfMemory);
  } catch (const c10::LinAlgError& error) {
    return describeTorch(error, ErrorKind::kLinAlg);
  } catch (const c10::IndexError& error) {
    return describeTorch(error, ErrorKind::kIndex);
  } catch (const c10::ValueError& error) {
    return describeTorch(error, ErrorKind::kArgument);
  } catch (const c10::TypeError& error) {
    return describeTorch(error, ErrorKind::kArgument);
  } catch (const c10::Error& error) {
    return describeTorch(error);
  } catch (const std::bad_alloc&) {
    return {ErrorKind::kOutOfMemory, "out of memory", hintFor(ErrorKind::kOutOfMemory, ""), ""};
  } catch (const std::exception& error) {
    return {kindFromText(error.what()), error.what(), "", ""};
  } catch (...) {
    return {ErrorKind::kTorch, "an exception of unknown type was raised in native code", "", ""};
  }
}

}  // namespace robertorch
