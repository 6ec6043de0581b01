/** transformers TrainerState and TrainerControl: how far training has come, and what is to be done next. */

import { readFile, writeFile } from 'node:fs/promises'

import { CheckpointError } from '../../errors.js'
import type { TrainingArguments } from './training-arguments.js'

/** One entry of the log: figures by name, with `epoch` and `step`. */
export type LogEntry = Record<string, number>

/** State of a callback or of the control, as `trainer_state.json` keeps it. */
export interface ExportedState {
  args: object
  attributes: Record<string, unknown>
}

/** transformers TrainerState; the same fields in the same file as Python's. */
export class TrainerState {
  /** With the part of the current epoch that is done. */
  epoch = 0
  /** Updates done. */
  global_step = 0
  max_steps = 0
  logging_steps = 500
  eval_steps = 500
  save_steps = 500
  train_batch_size: number | null = null
  num_train_epochs = 0
  num_input_tokens_seen = 0
  /** Floating point operations since the beginning. */
  total_flos = 0
  log_history: LogEntry[] = []
  best_metric: number | null = null
  best_global_step: number | null = null
  best_model_checkpoint: string | null = null
  is_local_process_zero = true
  is_world_process_zero = true
  is_hyper_param_search = false
  trial_name: string | null = null
  trial_params: Record<string, unknown> | null = null
  stateful_callbacks: Record<string, ExportedState | ExportedState[]> = {}

  /** Intervals given as a part of all updates become numbers of updates. */
  compute_steps(args: TrainingArguments, max_steps: number): void {
    for (const name of ['logging_steps', 'eval_steps', 'save_steps'] as const) {
      const steps = args[name]
      if (steps !== null) this[name] = steps < 1 ? Math.ceil(max_steps * steps) : steps
    }
  }

  async save_to_json(path: string): Promise<void> {
    const sorted = Object.fromEntries(Object.entries(this).sort(([a], [b]) => (a < b ? -1 : 1)))
    await writeFile(path, `${JSON.stringify(sorted, undefined, 2)}\n`)
  }

  /** @throws CheckpointError naming the file. */
  static async load_from_json(path: string): Promise<TrainerState> {
    try {
      // Python writes NaN and Infinity, which JSON does not have.
      const text = (await readFile(path, 'utf8')).replace(/([:,[]\s*)(NaN|-?Infinity)/g, '$1null')
      return Object.assign(new TrainerState(), JSON.parse(text))
    } catch (error) {
      throw new CheckpointError(`${path} is no state of a Trainer: ${(error as Error).message}`, {
        cause: error,
      })
    }
  }
}

/** transformers TrainerControl: callbacks set its switches, the Trainer acts on them. */
export class TrainerControl {
  should_training_stop = false
  should_epoch_stop = false
  should_save = false
  should_evaluate = false
  should_log = false

  state(): ExportedState {
    return { args: { ...this }, attributes: {} }
  }
}
