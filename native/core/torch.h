// The LibTorch headers that nearly every file needs. Precompiled, so that a change of one file costs seconds:
// torch/torch.h would cost 24 s a file, this costs about one.
#pragma once

#define AT_PER_OPERATOR_HEADERS  // or ATen/TensorOperators.h would include every operator

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/ThreadLocalState.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/grad_mode.h>
#include <ATen/core/ivalue.h>
#include <c10/util/Exception.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>
