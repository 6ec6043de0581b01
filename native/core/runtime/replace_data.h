// Other values, of another shape perhaps, in a tensor that others know.
#pragma once

#include "core/torch.h"

namespace robertorch {

/** Tensor.data = data. */
void replaceData(const at::Tensor& tensor, const at::Tensor& data);

}  // namespace robertorch
