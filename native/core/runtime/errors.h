// One way to say what went wrong. Core throws `Error`; whatever LibTorch or the standard library throws is
// sorted into the same kinds by `describe`. Needs no LibTorch, so that the parsers of core/io can be tested
// alone.
#pragma once

#include <exception>
#include <stdexcept>
#include <string>

namespace robertorch {

/** The error classes of lib/errors.ts; the names are what crosses the bindings. */
enum class ErrorKind {
  kTorch,
  kArgument,
  kShape,
  kDType,
  kDevice,
  kIndex,
  kOutOfMemory,
  kLinAlg,
  kConfig,
  kCheckpoint,
  kDisposed,
  kQueueFull,
  kAborted,
};

const char* errorKindName(ErrorKind kind);

class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message, std::string hint = "")
      : std::runtime_error(message), kind(kind), hint(std::move(hint)) {}

  const ErrorKind kind;
  const std::string hint;
};

/** What the facade needs to raise a typed error: LibTorch's C++ back-trace is kept apart from the message. */
struct ErrorDescription {
  ErrorKind kind;
  std::string message;
  std::string hint;
  std::string trace;
};

/** Sorts any exception, LibTorch's included, into an `ErrorDescription`. */
ErrorDescription describe(const std::exception_ptr& exception);

}  // namespace robertorch
