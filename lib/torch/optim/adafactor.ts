/** torch.optim.Adafactor (Shazeer and Stern, Adafactor, 2018): mean squares by row and column only. */

import { operator } from '../operators.js'
import type { Tensor } from '../tensor.js'
import { finfo } from '../type-info.js'
import {
  type Batch,
  GradientOptimizer,
  type GradientOptions,
  newStep,
  pick,
  shrink,
  zerosLike,
} from './gradient-optimizer.js'
import { type ParamGroup, type Params, requireOption } from './optimizer.js'

export interface AdafactorOptions extends GradientOptions {
  /** Exponent of the decay of mean squares, at most 0. */
  beta2_decay: number
  /** Least mean square (null: the dtype's epsilon), and least root mean square of the parameter. */
  eps: readonly [number | null, number]
  /** Root mean square that an update is clipped to, at least 1. */
  d: number
}

const norm = operator<{
  (tensor: Tensor, p: number): Tensor
  (tensor: Tensor, p: number, dim: number[], keepdim: boolean): Tensor
}>('aten::norm')
const newZeros = operator<(tensor: Tensor, size: number[]) => Tensor>('aten::new_zeros')
const mean = operator<(tensor: Tensor, dim: number[], keepdim: boolean) => Tensor>('aten::mean')

/** torch.optim.Adafactor: equal to Python's loop over parameters. */
export class Adafactor extends GradientOptimizer<AdafactorOptions> {
  /** Defaults: lr 1e-2, beta2_decay -0.8, eps (null, 1e-3), d 1, no weight decay. */
  constructor(params: Params<AdafactorOptions>, options: Partial<AdafactorOptions> = {}) {
    super(
      params,
      {
        lr: 1e-2,
        beta2_decay: -0.8,
        eps: [null, 1e-3],
        d: 1,
        weight_decay: 0,
        foreach: null,
        maximize: false,
        ...options,
      },
      (group) => {
        requireOption(group.lr >= 0, 'learning rate, should be >= 0', group.lr)
        requireOption(group.beta2_decay <= 0, 'beta2_decay, should be <= 0', group.beta2_decay)
        requireOption(group.eps[0] === null || group.eps[0] >= 0, 'epsilon1, should be >= 0', group.eps[0])
        requireOption(group.eps[1] >= 0, 'epsilon2, should be >= 0', group.eps[1])
        requireOption(group.d >= 1, 'clipping threshold d, should be >= 1', group.d)
      },
    )
  }

  protected override initialState(
    param: Tensor,
    group: ParamGroup<AdafactorOptions>,
  ): Record<string, Tensor> {
    const step = newStep(param, group)
    const { shape } = param
    if (shape.length < 2) return { step, variance: zerosLike(param) }
    return {
      step,
      row_var: newZeros(param, shape.with(-1, 1)),
      col_var: newZeros(param, shape.with(-2, 1)),
    }
  }

  // Comes after the step's size is known from the parameter, in #updateOne.
  protected override decay(): void {}

  protected override update(
    group: ParamGroup<AdafactorOptions>,
    { params, grads, states, step }: Batch,
  ): void {
    params.forEach((param, i) => {
      this.#updateOne(group, param, grads[i] as Tensor, states[i] as Record<string, Tensor>, step)
    })
  }

  #updateOne(
    group: AdafactorOptions,
    param: Tensor,
    grad: Tensor,
    state: Record<string, Tensor>,
    step: number,
  ): void {
    const eps1 = group.eps[0] ?? finfo(param.dtype).eps
    const weight = step ** group.beta2_decay
    const rootMeanSquare = (tensor: Tensor) => norm(tensor, 2).item() / tensor.numel() ** 0.5
    const alpha = Math.max(group.eps[1], rootMeanSquare(param)) * Math.min(group.lr, 1 / step ** 0.5)
    if (group.weight_decay !== 0) shrink(group, [param])
    const estimate =
      grad.dim() > 1 ? factoredSquare(grad, state, weight, eps1) : fullSquare(grad, state, weight)
    const update = estimate
      .clamp_({ min: eps1 * eps1 })
      .rsqrt_()
      .mul_(grad)
    const size = norm(update, 2).item() / (update.numel() ** 0.5 * group.d)
    param.add_(update, { alpha: -alpha / Math.max(1, size) })
  }
}

function fullSquare(grad: Tensor, state: Record<string, Tensor>, weight: number): Tensor {
  const [variance] = pick([state], 'variance') as [Tensor]
  return variance.lerp_(grad.mul(grad), weight).clone()
}

function factoredSquare(grad: Tensor, state: Record<string, Tensor>, weight: number, eps1: number): Tensor {
  const meanSquare = (dim: number) => norm(grad, 2, [dim], true).square_().div_(grad.size(dim))
  const [rows] = pick([state], 'row_var') as [Tensor]
  const [columns] = pick([state], 'col_var') as [Tensor]
  rows.lerp_(meanSquare(-1), weight)
  columns.lerp_(meanSquare(-2), weight)
  return rows.matmul(columns).div_(mean(rows, [-2], true).clamp_({ min: eps1 }))
}
