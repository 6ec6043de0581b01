/** transformers LabelSmoother: cross-entropy against labels that give a part of their weight to all classes. */

import { float32, int64 } from '../../torch/dtype.js'
import type { Tensor } from '../../torch/tensor.js'

/** What it needs of a model's outputs. */
export interface LogitOutputs {
  /** (…, classes) */
  logits: Tensor
}

/**
 * @param labels int64, the shape of the logits without their last dimension; -100 does not count
 * @param epsilon the part of a label's weight that all classes share
 * @param shift_labels for causal language models: a token's label is the next token
 */
export function smoothedLoss(
  outputs: LogitOutputs,
  labels: Tensor,
  { epsilon, shift_labels = false }: { epsilon: number; shift_labels?: boolean },
): Tensor {
  let { logits } = outputs
  if (shift_labels) {
    logits = logits.narrow(-2, 0, logits.size(-2) - 1).contiguous()
    labels = labels.narrow(-1, 1, labels.size(-1) - 1).contiguous()
  }
  const log_probs = logits.log_softmax(-1).neg()
  const targets = labels.dim() === log_probs.dim() - 1 ? labels.unsqueeze(-1) : labels
  const ignored = targets.eq(-100)
  const nll_loss = log_probs.gather(-1, targets.clamp({ min: 0 })).masked_fill_(ignored, 0)
  const smoothed = log_probs.sum([-1], true, { dtype: float32 }).masked_fill_(ignored, 0)
  // As Python: the count stays a tensor, and so does the division.
  const active = ignored.to(int64).sum().neg().add(ignored.numel())
  const nll = nll_loss.sum().div(active)
  const uniform = smoothed.sum().div(active.mul(log_probs.size(-1)))
  return nll.mul(1 - epsilon).add(uniform.mul(epsilon))
}
