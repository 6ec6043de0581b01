/** torch.optim.ASGD: averaged stochastic gradient descent (Polyak and Juditsky, 1992). */

import type { Tensor } from '../tensor.js'
import {
  type Batch,
  fullLike,
  GradientOptimizer,
  type GradientOptions,
  newStep,
  pick,
  zerosLike,
} from './gradient-optimizer.js'
import { type ParamGroup, type Params, requireNotNegative } from './optimizer.js'

export interface ASGDOptions extends GradientOptions {
  /** Decay of the parameters and of the step's size. */
  lambd: number
  /** Exponent of the decay of the step's size. */
  alpha: number
  /** The step from which on parameters are averaged. */
  t0: number
  differentiable: boolean
  capturable: boolean
}

/** torch.optim.ASGD: equal to Python's loop over parameters. The average is `ax` of a parameter's state. */
export class ASGD extends GradientOptimizer<ASGDOptions> {
  /** Defaults: lr 1e-2, lambd 1e-4, alpha 0.75, t0 1e6, no weight decay. */
  constructor(params: Params<ASGDOptions>, options: Partial<ASGDOptions> = {}) {
    super(
      params,
      {
        lr: 1e-2,
        lambd: 1e-4,
        alpha: 0.75,
        t0: 1e6,
        weight_decay: 0,
        foreach: null,
        maximize: false,
        differentiable: false,
        capturable: false,
        ...options,
      },
      (group) => requireNotNegative(group, { lr: 'learning rate' }),
    )
  }

  protected override initialState(param: Tensor, group: ParamGroup<ASGDOptions>): Record<string, Tensor> {
    const step = newStep(param, group)
    const scalar = (value: number) => fullLike(step, value, { device: param.device })
    return { step, eta: scalar(group.lr), mu: scalar(1), ax: zerosLike(param) }
  }

  protected override update(group: ParamGroup<ASGDOptions>, { params, grads, states, step }: Batch): void {
    const { lr, lambd, alpha, t0 } = group
    const [etas, mus, averages] = ['eta', 'mu', 'ax'].map((name) => pick(states, name)) as [
      Tensor[],
      Tensor[],
      Tensor[],
    ]
    params.forEach((param, i) => {
      const [eta, mu, average] = [etas[i], mus[i], averages[i]] as [Tensor, Tensor, Tensor]
      const rate = eta.item()
      param.mul_(1 - lambd * rate)
      param.add_(grads[i] as Tensor, { alpha: -rate })
      if (mu.item() === 1) average.copy_(param)
      else average.add_(param.sub(average).mul_(mu))
      eta.fill_(lr / (1 + lambd * lr * step) ** alpha)
      mu.fill_(1 / Math.max(1, step - t0))
    })
  }
}
