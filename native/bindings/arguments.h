// JavaScript values as an operator's arguments, after the rules of Python's argument parser.
#pragma once

#include <napi.h>

#include <span>

#include "bindings/environment.h"
#include "core/operators/signature.h"

namespace robertorch {

/** The arguments of one call from JS: positional ones and, from a trailing plain object, keyword ones. */
struct CallArguments {
  std::span<const napi_value> positional;
  napi_value keywords = nullptr;
  const Handle* last = nullptr;  // behind the last positional argument, where that is a tensor
};

/** A trailing plain object holds keyword arguments, as in `torch.cat(list, { dim: 0 })`. */
CallArguments splitKeywords(Environment& environment, std::span<const napi_value> values);

/**
 * Fills `stack` with the overload's arguments, defaults included; false when the call does not fit, with the
 * reason in `why` when it is not null.
 */
bool matchOverload(Environment& environment, const Overload& overload, const CallArguments& arguments,
                   torch::jit::Stack& stack, std::string* why);

/** The JS value that was given for a parameter (an in-place or `out=` argument is returned itself). */
napi_value givenValue(Environment& environment, const Overload& overload, const CallArguments& arguments,
                      int parameter);

/** Whether `requires_grad: true` was given to a factory. */
bool wantsGrad(Environment& environment, const Overload& overload, const CallArguments& arguments);

/** "Tensor", "number", "list", "null", … for messages. */
std::string describeValue(Environment& environment, napi_value value, int depth = 0);

}  // namespace robertorch
