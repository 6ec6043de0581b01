// From a mask of ones and zeros to the additive mask that attention wants.
#pragma once

#include "core/roberta/config.h"
#include "core/torch.h"

namespace robertorch {

/**
 * 0 where a query may look, the dtype's smallest number where it may not: (B, 1, T, T) for `sdpa`, (B, 1, 1,
 * T) for `eager`. Undefined for `sdpa` when nothing is masked, as `_prepare_4d_attention_mask_for_sdpa` of
 * Transformers.
 */
at::Tensor additiveAttentionMask(const at::Tensor& mask, AttentionImplementation attention,
                                 at::ScalarType dtype);

}  // namespace robertorch
