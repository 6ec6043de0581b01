// Calls that LibTorch itself does not survive or never finishes: refused before they are made. Each check
// stands with the line of Python that shows the crash with PyTorch 2.13.
#pragma once

#include <string_view>

#include "core/operators/signature.h"

namespace robertorch {

/** The check for an operator (`aten::range`), or null for the nearly all that need none. It throws
 * ArgumentError. */
Guard guardFor(std::string_view name);

/**
 * Throws ArgumentError when an argument has the layout mkldnn and the operator no kernel for it. Only for
 * programs that hold tensors without a storage: every argument is looked at.
 */
void checkLayouts(const Overload& overload, const torch::jit::Stack& stack);

}  // namespace robertorch
