/** Options of a call that every pipeline has. */

import type { OptionRules } from '../tokenization/options.js'

/** How far a call has come. */
export interface PipelineProgress {
  /** Inputs that the model is done with. */
  readonly done: number
  /** All inputs; undefined where it cannot be known. */
  readonly total: number | undefined
}

export interface RunOptions {
  /** Most rows that go through the model at once. Default: as many as `tokensPerBatch` allows. */
  batch_size?: number
  /**
   * Most tokens that go through the model at once, padding included; a longer row goes alone. Default 2048 on the CPU
   * and 16384 on a GPU; less where the model answers a whole vocabulary for each token.
   */
  tokensPerBatch?: number
  /** Ends the work: the call throws AbortedError. */
  signal?: AbortSignal
  /** Told after each batch. */
  onProgress?: (progress: PipelineProgress) => void
}

const isPositive = (value: unknown) => Number.isSafeInteger(value) && (value as number) > 0

export const RUN_RULES: OptionRules<Required<RunOptions>> = {
  batch_size: [isPositive, 'a whole number of rows, 1 or more'],
  tokensPerBatch: [isPositive, 'a whole number of tokens, 1 or more'],
  signal: [(value) => value instanceof AbortSignal, 'an AbortSignal'],
  onProgress: [(value) => typeof value === 'function', 'a function'],
}

/** Options that are given; undefined is how callers leave one out. */
export const given = <Options extends object>(options: Options): Options =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options

/** The options of a run apart from those of the task. */
export function splitRunOptions<Own extends object>(options: Own & RunOptions): [run: RunOptions, own: Own] {
  const { batch_size, tokensPerBatch, signal, onProgress, ...own } = options
  return [{ batch_size, tokensPerBatch, signal, onProgress }, own as Own]
}
