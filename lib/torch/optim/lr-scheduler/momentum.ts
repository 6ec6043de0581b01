/** Momentum that runs against the learning rate, for CyclicLR and OneCycleLR (Smith, Super-Convergence, 2018). */

import { ArgumentError } from '../../../errors.js'
import type { Optimizer, ParamGroup } from '../optimizer.js'
import { perGroup } from './scheduler.js'

export interface MomentumOptions {
  /** Whether momentum is changed too; default true. */
  cycle_momentum?: boolean
  base_momentum?: number | readonly number[]
  max_momentum?: number | readonly number[]
}

/** Whether the optimizer's momentum is the first of its betas. @throws ArgumentError when it has neither. */
export function usesBeta1({ defaults }: Optimizer): boolean {
  if ('betas' in defaults) return true
  if ('momentum' in defaults) return false
  throw new ArgumentError('the optimizer has neither momentum nor betas to change', {
    hint: 'pass { cycle_momentum: false }',
  })
}

/** Writes the limits into the groups, and starts at the highest momentum. */
export function startMomentum(
  optimizer: Optimizer,
  options: MomentumOptions,
  fresh: boolean,
): { use_beta1: boolean; base_momentums: number[]; max_momentums: number[] } {
  const use_beta1 = usesBeta1(optimizer)
  const base_momentums = perGroup(optimizer, 'base_momentum', options.base_momentum as number)
  const max_momentums = perGroup(optimizer, 'max_momentum', options.max_momentum as number)
  if (fresh) {
    optimizer.param_groups.forEach((group, i) => {
      setMomentum(group, max_momentums[i] as number, use_beta1)
      group.max_momentum = max_momentums[i]
      group.base_momentum = base_momentums[i]
    })
  }
  return { use_beta1, base_momentums, max_momentums }
}

export function setMomentum(group: ParamGroup<object>, value: number, use_beta1: boolean): void {
  if (use_beta1) group.betas = [value, group.betas?.[1] as number]
  else group.momentum = value
}
