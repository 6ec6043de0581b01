/** Tables and heads of another number of tokens, with the random numbers that Transformers draws for them. */

import { torch } from '../../torch/index.js'
import { no_grad, scope } from '../../torch/modes.js'
import { Embedding } from '../../torch/nn/embedding.js'
import { Linear } from '../../torch/nn/linear.js'
import type { Tensor } from '../../torch/tensor.js'

/** How rows that are new get their values. */
export interface NewRows {
  /** From the mean and, barely, the covariance of the old rows; otherwise as in a new model. */
  mean: boolean
  /** Standard deviation of a new model's weights. */
  initializer_range: number
}

// Of Transformers: how much of the covariance new rows have.
const spread = 1e-9

/** transformers _get_resized_embeddings: (rows, width) → (size, width), detached. */
export function resizedTable(old: Tensor, size: number, newRows: NewRows): Tensor {
  return scope(() =>
    no_grad(() => {
      const { device, dtype } = old
      // Drawn whether or not rows are new, as in Python.
      const made = new Embedding(size, old.size(1), { device, dtype }).weight.detach()
      if (size > old.size(0)) fill(made, old, newRows)
      return copyRows(made, old)
    }),
  )
}

/** transformers _get_resized_lm_head: weight (rows, width) and bias (rows) of `size` rows, detached. */
export function resizedHead(
  old: { weight: Tensor; bias: Tensor },
  size: number,
  newRows: NewRows,
): { weight: Tensor; bias: Tensor } {
  return scope(() =>
    no_grad(() => {
      const [rows, width] = old.weight.shape as [number, number]
      const made = new Linear(width, size, { device: old.weight.device, dtype: old.weight.dtype })
      const weight = made.weight.detach()
      const bias = (made.bias as Tensor).detach()
      if (size > rows) {
        fill(weight, old.weight, newRows)
        if (newRows.mean) {
          const mean = old.bias.mean({ dtype: torch.float32 }).item()
          const deviation = old.bias.std().to(torch.float32).mul(spread).item()
          bias.slice(0, rows).normal_(mean, deviation)
        } else {
          bias.zero_()
        }
      }
      return { weight: copyRows(weight, old.weight), bias: copyRows(bias, old.bias) }
    }),
  )
}

/** The bias of a tied head, which follows the table: new rows are 0. */
export function resizedBias(old: Tensor, size: number): Tensor {
  return no_grad(() => copyRows(torch.zeros([size], { device: old.device, dtype: old.dtype }), old))
}

/** The new rows of `made`, which the old ones will be written over. */
function fill(made: Tensor, old: Tensor, { mean, initializer_range }: NewRows): void {
  if (mean) made.slice(0, old.size(0)).copy_(likeOld(old, made.size(0) - old.size(0)))
  else made.normal_(0, initializer_range)
}

/** transformers _init_added_embeddings_weights_with_mean: (count, width) float32. */
function likeOld(old: Tensor, count: number): Tensor {
  const rows = old.to(torch.float32)
  const mean = rows.mean(0)
  const centered = rows.sub(mean)
  const covariance = centered.t().matmul(centered).div(old.size(0)).mul(spread)
  if (!isPositiveDefinite(covariance)) return mean.unsqueeze(0).repeat([count, 1])
  // torch.distributions.MultivariateNormal.sample in its order of operations.
  const root = torch.linalg.cholesky(covariance)
  const drawn = torch.empty([count, old.size(1)], { device: old.device }).normal_()
  return mean.add(root.matmul(drawn.unsqueeze(-1)).squeeze(-1))
}

/** torch.distributions.constraints.positive_definite */
function isPositiveDefinite(matrix: Tensor): boolean {
  if (!matrix.isclose(matrix.t(), { atol: 1e-6 }).all().item()) return false
  const [, info] = torch.linalg.cholesky_ex(matrix)
  return Boolean(info.eq(0).all().item())
}

function copyRows(made: Tensor, old: Tensor): Tensor {
  const rows = Math.min(made.size(0), old.size(0))
  made.slice(0, 0, rows).copy_(old.slice(0, 0, rows))
  return made
}
