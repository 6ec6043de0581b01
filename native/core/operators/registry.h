// The one door to every operator registered with LibTorch's dispatcher.
#pragma once

#include <string>
#include <vector>

#include "core/operators/signature.h"

namespace robertorch {

/** The operator of that qualified name (`aten::add`, or one overload: `aten::add.Tensor`), or null. The
 * pointer stays valid for the process's life. */
const Operator* findOperator(const std::string& name);

/** Qualified names of all registered operators, without overloads, sorted. */
std::vector<std::string> operatorNames();

}  // namespace robertorch
