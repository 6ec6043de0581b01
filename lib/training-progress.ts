/** Progress of a training loop: loss, tokens per second, time left. */

import { createProgress, type ProgressOutput } from './progress.js'

/** One optimizer step. */
export interface TrainingStep {
  /** Mean loss of the step's batch. */
  loss: number
  /** Tokens that the step learned from, padding not counted. */
  tokens: number
}

export interface TrainingProgress {
  /** Counts one step that is done. */
  step(done: TrainingStep): void
  stop(): void
}

export interface TrainingProgressOptions {
  /** Default `training`. */
  label?: string
  /** Default: standard error. */
  output?: ProgressOutput
  /** Milliseconds on a clock that never goes back; for tests. */
  now?: () => number
}

/** Single batches jump too much to be read: this share of the shown loss is the last step's. */
const newestShare = 0.05

/**
 * Shows a training loop's progress: a bar on a terminal, a line for each tenth elsewhere.
 *
 * @param total_steps optimizer steps in all
 */
export function createTrainingProgress(
  total_steps: number,
  { label = 'training', output, now = () => performance.now() }: TrainingProgressOptions = {},
): TrainingProgress {
  const started = now()
  let steps = 0
  let tokens = 0
  let loss = Number.NaN

  const describe = (done: number) => {
    if (done === 0) return `0/${total_steps}`
    const seconds = (now() - started) / 1000
    const left = (seconds / done) * (total_steps - done)
    return [
      `${done}/${total_steps}`,
      `loss ${loss.toFixed(3)}`,
      `${Math.round(tokens / seconds).toLocaleString('en')} tokens/s`,
      done < total_steps ? `${formatSeconds(left)} left` : `took ${formatSeconds(seconds)}`,
    ].join(' · ')
  }

  const progress = createProgress({ label, total: total_steps, describe, output })
  return {
    step(done) {
      steps += 1
      tokens += done.tokens
      loss = steps === 1 ? done.loss : loss + newestShare * (done.loss - loss)
      progress.update(steps)
    },
    stop: () => progress.stop(),
  }
}

/** `0:07`, `12:30`, `1:02:03` */
function formatSeconds(value: number): string {
  const all = Math.round(value)
  const parts = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60]
  const shown = parts[0] === 0 ? parts.slice(1) : parts
  return shown.map((part, i) => (i === 0 ? String(part) : String(part).padStart(2, '0'))).join(':')
}
