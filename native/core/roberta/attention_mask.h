// From masks of ones and zeros to the additive masks that attention wants.
#pragma once

#include "core/roberta/config.h"
#include "core/torch.h"

namespace robertorch {

/**
 * 0 where a query may look, the dtype's smallest number where it may not: (B, 1, queries, T) for `sdpa`, (B,
 * 1, 1, T) for `eager`; a mask with a row for each query, (B, queries, T), keeps them. Undefined for `sdpa`
 * when nothing is masked, as `_prepare_4d_attention_mask_for_sdpa` of Transformers.
 */
at::Tensor additiveAttentionMask(const at::Tensor& mask, AttentionImplementation attention,
                                 at::ScalarType dtype, int64_t queries);

/**
 * The same for a decoder, where a query sees itself and what is before it: (B, 1, queries, T), of which the
 * last `queries` columns are the queries' own. Undefined for `sdpa` when nothing is masked and its own causal
 * form will do, as `_prepare_4d_causal_attention_mask_for_sdpa`.
 */
at::Tensor causalAttentionMask(const at::Tensor& mask, AttentionImplementation attention,
                               at::ScalarType dtype, int64_t queries);

}  // namespace robertorch
