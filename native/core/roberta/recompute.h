// Gradient checkpointing: a layer that keeps its inputs only and is computed again in the backward pass.
#pragma once

#include "core/roberta/layer.h"

namespace robertorch {

/**
 * `layer.forward` without a cache, and without keeping what its backward needs. With `sameRandomNumbers` the
 * second computation draws what the first one drew: gradients are equal bit by bit to those of
 * `layer.forward`. They flow to everything that requires them, the layer's parameters and a head mask too;
 * only once, however
 * (`create_graph` throws ArgumentError in the backward pass).
 */
LayerResult forwardRecomputed(const Layer& layer, const at::Tensor& x, const LayerContext& context,
                              const at::Tensor& headMask, bool sameRandomNumbers);

}  // namespace robertorch
