/** What the schedules share: their options and the rise from 0. */

import { ArgumentError } from '../../errors.js'
import { LambdaLR, type LrLambda } from '../../torch/optim/lr-scheduler/index.js'
import type { Optimizer } from '../../torch/optim/optimizer.js'

export interface ResumeOptions {
  /** Last step done, when resuming; default -1. */
  last_epoch?: number
}

export interface WarmupOnlyOptions extends ResumeOptions {
  /** Steps in which the rate rises from 0. */
  num_warmup_steps: number
}

export interface WarmupOptions extends WarmupOnlyOptions {
  /** Steps in all. */
  num_training_steps: number
}

/** Share of `steps` that is done; a schedule of no steps counts as one. */
export const share = (done: number, steps: number): number => done / Math.max(1, steps)

/** Rises from 0 for `num_warmup_steps`, then follows `after`: a factor by the step, counted from 0. */
export function afterWarmup(optimizer: Optimizer, options: WarmupOnlyOptions, after: LrLambda): LambdaLR {
  const warmup = requireSteps('num_warmup_steps', options.num_warmup_steps)
  const factor = (step: number) => (step < warmup ? share(step, warmup) : after(step))
  return new LambdaLR(optimizer, factor, { last_epoch: options.last_epoch })
}

/** @throws ArgumentError for what is no number of steps. */
export function requireSteps(name: string, value: unknown): number {
  if (typeof value === 'number' && value >= 0) return value
  throw new ArgumentError(`${name} is ${value}, but must be a number of steps`, {
    hint: `pass { ${name}: … }`,
  })
}

/** How much of the steps after the warm-up is done, from 0 to 1 and beyond. */
export function progress({ num_warmup_steps, num_training_steps }: WarmupOptions): (step: number) => number {
  const total = requireSteps('num_training_steps', num_training_steps)
  return (step) => share(step - num_warmup_steps, total - num_warmup_steps)
}

/** A cosine that starts at 1 and makes `cycles` full turns while `done` goes from 0 to 1. */
export const cosineWave = (done: number, cycles: number): number =>
  0.5 * (1 + Math.cos(Math.PI * cycles * 2 * done))

/** Moves a factor in [0, 1] into [least, 1]. */
export const atLeast = (least: number, factor: number): number => Math.max(0, factor * (1 - least) + least)

/** The learning rate that the optimizer was made with. */
export const initialRate = (optimizer: Optimizer): number => optimizer.defaults.lr
