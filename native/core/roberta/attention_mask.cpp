#include "core/roberta/attention_mask.h"

#include <ATen/Dispatch.h>
#include <ATen/ops/all.h>
#include <ATen/ops/eq.h>
#include <ATen/ops/rsub.h>

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

}  // namespace

at::Tensor additiveAttentionMask(const at::Tensor& mask, AttentionImplementation attention,
                                 at::ScalarType dtype) {
  if (mask.dim() == 2 && attention == AttentionImplementation::kSdpa) {
    if (at::all(mask.eq(1)).item<bool>()) return {};
    const int64_t batch = mask.size(0), length = mask.size(1);
    const at::Tensor expanded =
        mask.unsqueeze(1).unsqueeze(1).expand({batch, 1, length, length}).to(dtype);  // (B, 1, T, T)
    const at::Tensor inverted = at::rsub(expanded, 1.0);
    return inverted.masked_fill(inverted.to(at::kBool), smallest(dtype));
  }
  const at::Tensor broadcast = mask.dim() == 3 ? mask.unsqueeze(1) : mask.unsqueeze(1).unsqueeze(1);
  return at::rsub(broadcast.to(dtype), 1.0) * smallest(dtype);
}

}  // namespace robertorch
