/** torch.optim.Rprop: resilient backpropagation (Riedmiller and Braun, 1993), which looks at signs of gradients alone. */

import type { Tensor } from '../tensor.js'
import {
  type Batch,
  fullLike,
  GradientOptimizer,
  newStep,
  pick,
  type UpdateOptions,
  zerosLike,
} from './gradient-optimizer.js'
import { type ParamGroup, type Params, requireNotNegative, requireOption } from './optimizer.js'

export interface RpropOptions extends Omit<UpdateOptions, 'weight_decay' | 'decoupled_weight_decay'> {
  /** What a step's size is multiplied by when the gradient's sign turned, and when it did not. */
  etas: readonly [number, number]
  /** Least and greatest size of a step. */
  step_sizes: readonly [number, number]
  differentiable: boolean
  capturable: boolean
}

/** torch.optim.Rprop: equal bit for bit to Python's on the CPU. */
export class Rprop extends GradientOptimizer<RpropOptions> {
  /** Defaults: lr 1e-2 (the first size of each step), etas (0.5, 1.2), step_sizes (1e-6, 50). */
  constructor(params: Params<RpropOptions>, options: Partial<RpropOptions> = {}) {
    super(
      params,
      {
        lr: 1e-2,
        etas: [0.5, 1.2],
        step_sizes: [1e-6, 50],
        foreach: null,
        maximize: false,
        differentiable: false,
        capturable: false,
        ...options,
      },
      (group) => {
        requireNotNegative(group, { lr: 'learning rate' })
        const [minus, plus] = group.etas
        requireOption(0 < minus && minus < 1 && 1 < plus, 'eta values', `${minus}, ${plus}`)
      },
    )
  }

  protected override initialState(param: Tensor, group: ParamGroup<RpropOptions>): Record<string, Tensor> {
    return {
      step: newStep(param, group),
      prev: zerosLike(param),
      step_size: fullLike(param, group.lr),
    }
  }

  protected override update(group: ParamGroup<RpropOptions>, { params, grads, states }: Batch): void {
    const [minus, plus] = group.etas
    const [least, greatest] = group.step_sizes
    const prevs = pick(states, 'prev')
    const sizes = pick(states, 'step_size')
    params.forEach((param, i) => {
      const [grad, prev, size] = [grads[i], prevs[i], sizes[i]] as [Tensor, Tensor, Tensor]
      const sign = grad.mul(prev).sign()
      const turned = sign.lt(0)
      const factor = sign.masked_fill(sign.gt(0), plus).masked_fill(turned, minus).masked_fill(sign.eq(0), 1)
      size.mul_(factor).clamp_(least, greatest)
      const taken = grad.masked_fill(turned, 0)
      param.addcmul_(taken.sign(), size, { value: -1 })
      prev.copy_(taken)
    })
  }
}
