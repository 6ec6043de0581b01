/** transformers ProgressCallback: a bar with loss, tokens a second and time left, and the logs. */

import { createTrainingProgress, type TrainingProgress } from '../../training-progress.js'
import type { CallbackContext } from './callbacks.js'
import type { LogEntry, TrainerControl, TrainerState } from './trainer-state.js'
import type { TrainingArguments } from './training-arguments.js'

/** Shows a bar on a terminal, a line for each tenth elsewhere. */
export class ProgressCallback {
  #progress: TrainingProgress | undefined
  #tokens = 0
  #loss = 0
  #batches = 0

  on_train_begin(_args: TrainingArguments, state: TrainerState): void {
    this.#progress = createTrainingProgress(state.max_steps - state.global_step)
  }

  on_substep_end(...[, , , { batch }]: [unknown, unknown, unknown, CallbackContext]): void {
    this.#count(batch)
  }

  on_step_end(...[, , , { batch }]: [unknown, unknown, unknown, CallbackContext]): void {
    this.#count(batch)
    this.#progress?.step({ loss: this.#loss / Math.max(this.#batches, 1), tokens: this.#tokens })
    this.#tokens = 0
    this.#loss = 0
    this.#batches = 0
  }

  on_train_end(): void {
    this.#progress?.stop()
    this.#progress = undefined
  }

  #count(batch: CallbackContext['batch']): void {
    this.#tokens += batch?.tokens ?? 0
    this.#loss += batch?.loss ?? 0
    this.#batches += 1
  }
}

/** transformers PrinterCallback: one line of JSON for each log. */
export class PrinterCallback {
  constructor(readonly print: (line: string) => void = (line) => process.stderr.write(`${line}\n`)) {}

  on_log(
    _args: TrainingArguments,
    _state: TrainerState,
    _control: TrainerControl,
    { logs = {} }: { logs?: LogEntry },
  ): void {
    this.print(JSON.stringify(logs))
  }
}
