/** Running means of gradients and of their squares: what Adam and its relatives have in common. */

import type { Tensor } from '../tensor.js'
import * as foreach from './foreach.js'
import { pick } from './gradient-optimizer.js'
import { requireOption } from './optimizer.js'

export interface MomentOptions {
  /** Decay of the running means of the gradient and its square. */
  betas: readonly [number, number]
  /** Added to the denominator. */
  eps: number
}

/** @throws ArgumentError unless both lie in [0, 1). */
export function checkBetas({ betas }: { betas: readonly [number, number] }): void {
  betas.forEach((beta, i) => {
    requireOption(beta >= 0 && beta < 1, `beta parameter at index ${i}`, beta)
  })
}

/** Takes the gradients into both means. */
export function updateMoments(
  { betas: [beta1, beta2] }: MomentOptions,
  grads: readonly Tensor[],
  states: readonly Record<string, Tensor>[],
): { exp_avgs: Tensor[]; exp_avg_sqs: Tensor[] } {
  const exp_avgs = pick(states, 'exp_avg')
  const exp_avg_sqs = pick(states, 'exp_avg_sq')
  foreach.lerp_(exp_avgs, grads, 1 - beta1)
  foreach.mul_(exp_avg_sqs, beta2)
  foreach.addcmul_(exp_avg_sqs, grads, grads, { value: 1 - beta2 })
  return { exp_avgs, exp_avg_sqs }
}

/** How much of a running mean that began at zero is there after so many steps. */
export const biasCorrection = (beta: number, step: number): number => 1 - beta ** step
