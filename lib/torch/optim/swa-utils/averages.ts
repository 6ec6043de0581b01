/** Averages of parameters: exponential (EMA) and equal (SWA, Izmailov et al., 2018). */

import { ArgumentError } from '../../../errors.js'
import { no_grad } from '../../modes.js'
import { operator } from '../../operators.js'
import type { Tensor } from '../../tensor.js'
import * as foreach from '../foreach.js'

/** The new average, from the old one, the present value, and how many went into the old one. */
export type AvgFn = (average: Tensor, current: Tensor, num_averaged: number) => Tensor
/** Averages lists of one dtype in place. */
export type MultiAvgFn = (averages: Tensor[], currents: Tensor[], num_averaged: number) => void

const sub = operator<(a: Tensor, b: Tensor) => Tensor>('aten::sub')

function requireDecay(decay: number): void {
  if (decay >= 0 && decay <= 1) return
  throw new ArgumentError(`decay is ${decay}, but must lie in [0, 1]`)
}

/** torch.optim.swa_utils.get_ema_avg_fn: `decay` of the old average and the rest of the new value. */
export function get_ema_avg_fn(decay = 0.999): AvgFn {
  requireDecay(decay)
  return (average, current) => no_grad(() => average.mul(decay).add(current.mul(1 - decay)))
}

/** torch.optim.swa_utils.get_swa_avg_fn: the mean of all values so far. */
export function get_swa_avg_fn(): AvgFn {
  return (average, current, count) => no_grad(() => average.add(sub(current, average).div(count + 1)))
}

/** torch.optim.swa_utils.get_ema_multi_avg_fn: `get_ema_avg_fn` by one interpolation of lists. */
export function get_ema_multi_avg_fn(decay = 0.999): MultiAvgFn {
  requireDecay(decay)
  const one = get_ema_avg_fn(decay)
  return (averages, currents) =>
    no_grad(() => {
      if (averages[0]?.is_floating_point()) foreach.lerp_(averages, currents, 1 - decay)
      else
        for (const [i, average] of averages.entries()) average.copy_(one(average, currents[i] as Tensor, 0))
    })
}

/** torch.optim.swa_utils.get_swa_multi_avg_fn: `get_swa_avg_fn` by one interpolation of lists. */
export function get_swa_multi_avg_fn(): MultiAvgFn {
  const one = get_swa_avg_fn()
  return (averages, currents, count) =>
    no_grad(() => {
      if (averages[0]?.is_floating_point()) foreach.lerp_(averages, currents, 1 / (count + 1))
      else
        for (const [i, average] of averages.entries())
          average.copy_(one(average, currents[i] as Tensor, count))
    })
}
