#include "core/runtime/errors.h"

namespace robertorch {

const char* errorKindName(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kTorch:
      return "TorchError";
    case ErrorKind::kArgument:
      return "ArgumentError";
    case ErrorKind::kShape:
      return "ShapeError";
    case ErrorKind::kDType:
      return "DTypeError";
    case ErrorKind::kDevice:
      return "DeviceError";
    case ErrorKind::kIndex:
      return "IndexError";
    case ErrorKind::kOutOfMemory:
      return "OutOfMemoryError";
    case ErrorKind::kLinAlg:
      return "LinAlgError";
    case ErrorKind::kConfig:
      return "ConfigError";
    case ErrorKind::kCheckpoint:
      return "CheckpointError";
    case ErrorKind::kDisposed:
      return "DisposedError";
    case ErrorKind::kQueueFull:
      return "QueueFullError";
    case ErrorKind::kAborted:
      return "AbortedError";
  }
  return "TorchError";
}

}  // namespace robertorch
