// torch.autograd's anomaly mode: nodes of the graph remember the JS stack that made them, and a backward pass
// that fails tells it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/runtime/errors.h"

namespace robertorch {

class Environment;

/** LibTorch's switch belongs to the whole process: it is on as long as anyone holds one of these. */
class AnomalyDetection {
 public:
  explicit AnomalyDetection(bool checkNan);
  ~AnomalyDetection();
  AnomalyDetection(const AnomalyDetection&) = delete;
  AnomalyDetection& operator=(const AnomalyDetection&) = delete;

  const bool checkNan;
};

/** An environment's anomaly mode as it takes part in a call that runs on another thread. */
struct AnomalyCall {
  bool checkNan;
  std::string stack;  // of the JS code that made the call
};

/** Absent while the mode is off. */
std::optional<AnomalyCall> anomalyOf(const Environment& environment);

/** Anomaly mode for the executor's thread. */
class AnomalyCallGuard {
 public:
  explicit AnomalyCallGuard(const std::optional<AnomalyCall>& call);
  ~AnomalyCallGuard();

 private:
  std::optional<AnomalyDetection> detection_;
};

/** What a backward pass threw while the mode was on. */
class BackwardError : public Error {
 public:
  BackwardError(const ErrorDescription& cause, std::string forward)
      : Error(cause.kind, cause.message + "\n\n" + forward, cause.hint), forward(std::move(forward)) {}

  const std::string forward;
};

/** Puts an engine in LibTorch's place that does the above; once for the process. */
void installAnomalyEngine();

}  // namespace robertorch
