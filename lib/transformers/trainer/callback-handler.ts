/** transformers CallbackHandler: calls all callbacks at a point of training. */

import { ArgumentError } from '../../errors.js'
import {
  type CallbackContext,
  type CallbackEvent,
  callbackEvents,
  DefaultFlowCallback,
  type TrainerCallback,
} from './callbacks.js'
import { PrinterCallback, ProgressCallback } from './progress-callback.js'
import type { ExportedState, TrainerControl, TrainerState } from './trainer-state.js'
import type { TrainingArguments } from './training-arguments.js'

/** What callbacks are shown of a Trainer. */
interface Subject extends Pick<CallbackContext, 'model' | 'optimizer' | 'lr_scheduler'> {
  args: TrainingArguments
  state: TrainerState
  control: TrainerControl
}

/** A class of callbacks, `ProgressCallback` for one. */
export type CallbackClass = abstract new (...args: never[]) => TrainerCallback

// Switches that are off again when their time has come round.
const resets: Partial<Record<CallbackEvent, readonly (keyof TrainerControl & `should_${string}`)[]>> = {
  on_train_begin: ['should_training_stop'],
  on_epoch_begin: ['should_epoch_stop'],
  on_step_begin: ['should_log', 'should_evaluate', 'should_save'],
  on_evaluate: ['should_evaluate'],
  on_save: ['should_save'],
  on_log: ['should_log'],
}

export class CallbackHandler {
  readonly #trainer: Subject
  readonly #callbacks: TrainerCallback[]

  constructor(trainer: Subject, callbacks: readonly TrainerCallback[]) {
    this.#trainer = trainer
    const shown = trainer.args.disable_tqdm ? new PrinterCallback() : new ProgressCallback()
    this.#callbacks = [new DefaultFlowCallback(), shown as TrainerCallback]
    for (const callback of callbacks) this.add(callback)
  }

  add(callback: TrainerCallback): void {
    if (!callbackEvents.some((event) => typeof callback?.[event] === 'function')) {
      throw new ArgumentError('a callback has at least one method of a TrainerCallback', {
        hint: `they are ${callbackEvents.join(', ')}`,
      })
    }
    this.#callbacks.push(callback)
  }

  /** Takes a callback out, or the first of a class. */
  remove(callback: TrainerCallback | CallbackClass): void {
    const at = this.#callbacks.findIndex(
      (one) => one === callback || (typeof callback === 'function' && one instanceof callback),
    )
    if (at >= 0) this.#callbacks.splice(at, 1)
  }

  async call(event: CallbackEvent, further: Partial<CallbackContext> = {}): Promise<void> {
    const { args, state, control, model, optimizer, lr_scheduler } = this.#trainer
    for (const name of resets[event] ?? []) control[name] = false
    const context = { model, optimizer, lr_scheduler, ...further }
    for (const callback of this.#callbacks) await callback[event]?.(args, state, control, context)
  }

  /** The states of those that have one, by class name, as `trainer_state.json` keeps them. */
  export(): Record<string, ExportedState | ExportedState[]> {
    const states: Record<string, ExportedState | ExportedState[]> = {}
    for (const { name, state } of this.#stateful()) {
      const before = states[name]
      states[name] = before === undefined ? state() : [before, state()].flat()
    }
    return { ...states, TrainerControl: this.#trainer.control.state() }
  }

  /** Gives callbacks of the same names their states back. */
  restore(states: Readonly<Record<string, ExportedState | ExportedState[]>>): void {
    const left = new Map(Object.entries(states).map(([name, state]) => [name, [state].flat()]))
    for (const { name, restore } of this.#stateful()) {
      const state = left.get(name)?.shift()
      if (state) restore(state)
    }
  }

  #stateful() {
    return this.#callbacks.flatMap((callback) => {
      if (!callback.state) return []
      return [
        {
          name: callback.constructor.name,
          state: () => callback.state?.() as ExportedState,
          restore: (state: ExportedState) => callback.restore?.(state),
        },
      ]
    })
  }
}
