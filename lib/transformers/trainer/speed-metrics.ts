import type { LogEntry } from './trainer-state.js'

const round = (value: number, digits: number) => Number(value.toFixed(digits))

/** transformers speed_metrics: seconds, and examples and steps a second, under the names of a split (`eval_runtime`). */
export function speed_metrics(
  split: string,
  startedMilliseconds: number,
  counts: { num_samples?: number; num_steps?: number } = {},
): LogEntry {
  const seconds = (performance.now() - startedMilliseconds) / 1000
  const metrics: LogEntry = { [`${split}_runtime`]: round(seconds, 4) }
  if (seconds === 0) return metrics
  const { num_samples, num_steps } = counts
  if (num_samples !== undefined) metrics[`${split}_samples_per_second`] = round(num_samples / seconds, 3)
  if (num_steps !== undefined) metrics[`${split}_steps_per_second`] = round(num_steps / seconds, 3)
  return metrics
}
