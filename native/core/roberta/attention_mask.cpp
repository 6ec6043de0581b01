#include "core/roberta/attention_mask.h"

#include <ATen/Dispatch.h>
#include <ATen/ops/all.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/eq.h>
#include <ATen/ops/le.h>
#include <ATen/ops/rsub.h>
#include <ATen/ops/zeros.h>

#include <limits>

namespace robertorch {
namespace {

double smallest(at::ScalarType dtype) {
  double value = 0;
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kHalf, at::kBFloat16, dtype, "additiveAttentionMask", [&] {
    value = static_cast<double>(std::numeric_limits<scalar_t>::lowest());
  });
  return value;
}

bool masksNothing(const at::Tensor& mask) { return at::all(mask.eq(1)).item<bool>(); }

// (queries, length) bool: whether a query may look. The last `queries` columns are the queries' own.
at::Tensor causal(int64_t queries, int64_t length, at::Device device) {
  const at::TensorOptions options = at::TensorOptions(at::kLong).device(device);
  const at::Tensor columns = at::arange(length, options);
  const at::Tensor rows = at::arange(length - queries, length, options);
  return columns.unsqueeze(0).le(rows.unsqueeze(1));
}

// (B, T) → (B, 1, queries, T), 1 where masked.
at::Tensor expandAndInvert(const at::Tensor& mask, at::ScalarType dtype, int64_t queries) {
  const int64_t batch = mask.size(0), length = mask.size(1);
  return at::rsub(mask.unsqueeze(1).unsqueeze(1).expand({batch, 1, queries, length}).to(dtype), 1.0);
}

}  // namespace

at::Tensor additiveAttentionMask(const at::Tensor& mask, AttentionImplementation attention,
                                 at::ScalarType dtype, int64_t queries) {
  if (mask.dim() == 2 && attention == AttentionImplementation::kSdpa) {
    if (masksNothing(mask)) return {};
    const at::Tensor inverted = expandAndInvert(mask, dtype, queries);
    return inverted.masked_fill(inverted.to(at::kBool), smallest(dtype));
  }
  const at::Tensor broadcast = mask.dim() == 3 ? mask.unsqueeze(1) : mask.unsqueeze(1).unsqueeze(1);
  return at::rsub(broadcast.to(dtype), 1.0) * smallest(dtype);
}

at::Tensor causalAttentionMask(const at::Tensor& mask, AttentionImplementation attention,
                               at::ScalarType dtype, int64_t queries) {
  if (mask.dim() == 3) return additiveAttentionMask(mask, attention, dtype, queries);
  const int64_t length = mask.size(1);
  if (attention == AttentionImplementation::kSdpa) {
    if ((queries == 1 || length == queries) && masksNothing(mask)) return {};
    const at::Tensor inverted = expandAndInvert(mask, dtype, queries);
    const at::Tensor blocked = inverted.to(at::kBool);
    if (queries == 1) return inverted.masked_fill(blocked, smallest(dtype));
    const at::Tensor visible = causal(queries, length, mask.device());
    const at::Tensor future =
        at::zeros({queries, length}, inverted.options()).masked_fill_(visible.logical_not(), smallest(dtype));
    return future.unsqueeze(0).unsqueeze(0).expand(inverted.sizes()).masked_fill(blocked, smallest(dtype));
  }
  const at::Tensor visible =
      causal(queries, length, mask.device()).to(mask.scalar_type()) * mask.unsqueeze(1).unsqueeze(1);
  return at::rsub(visible.to(dtype), 1.0) * smallest(dtype);
}

}  // namespace robertorch
