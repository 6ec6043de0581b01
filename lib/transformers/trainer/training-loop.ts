/** transformers Trainer._inner_training_loop: epochs, updates, and what happens between them. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { AbortedError, ArgumentError, CheckpointError } from '../../errors.js'
import { native } from '../../torch/native.js'
import { clip_grad_norm_ } from '../../torch/nn/utils/index.js'
import type { Optimizer } from '../../torch/optim/index.js'
import { ReduceLROnPlateau, type Schedule } from '../../torch/optim/lr-scheduler/index.js'
import type { Tensor } from '../../torch/tensor.js'
import { metricForBest, noteBest } from './best-metric.js'
import type { CallbackHandler } from './callback-handler.js'
import {
  checkpointPath,
  resolveCheckpoint,
  rotateCheckpoints,
  stateFile,
  writeFolderAtomically,
} from './checkpoint.js'
import { BatchesAhead, type RandomPlace, SeedableRandomSampler } from './data-order.js'
import type { Batch, TrainableModel } from './model-step.js'
import { type Loader, type Plan, planTraining } from './plan.js'
import { loadOptimizer, loadRandomState, saveResumeState } from './resume-state.js'
import { speed_metrics } from './speed-metrics.js'
import { type LogEntry, type TrainerControl, TrainerState } from './trainer-state.js'
import type { TrainingArguments } from './training-arguments.js'

export interface TrainOptions {
  /** A checkpoint's folder, or true for the newest in `output_dir`. */
  resume_from_checkpoint?: string | boolean
  /** Stops after the update in progress; the promise is rejected with AbortedError. */
  signal?: AbortSignal
}

/** transformers TrainOutput */
export interface TrainOutput {
  global_step: number
  training_loss: number
  metrics: LogEntry
}

/** What the loop needs of a Trainer. */
export interface Subject {
  readonly model: TrainableModel
  readonly args: TrainingArguments
  readonly control: TrainerControl
  readonly callback_handler: CallbackHandler
  state: TrainerState
  get_train_dataloader(): Loader
  create_optimizer_and_scheduler(steps: number): { optimizer: Optimizer; lr_scheduler: Schedule }
  training_step(batch: Batch, accumulated: number): Promise<Tensor>
  evaluate(): Promise<LogEntry>
  log(logs: LogEntry): Promise<void>
  save_model(folder: string): Promise<void>
  loadWeights(folder: string): Promise<void>
}

/** What an update leaves for the log. */
interface UpdateFigures {
  grad_norm: number | undefined
  learning_rate: number
}

export class TrainingLoop {
  readonly #trainer: Subject
  #optimizer!: Optimizer
  #scheduler!: Schedule
  #place: RandomPlace | undefined
  // That an operation is counted for, as PreTrainedModel.floating_point_ops does; 0 for models that do not say.
  #parameters = 0
  // As Python, which adds the losses up in float32.
  #loss = 0
  #totalLoss = 0
  #lastLogged = 0

  constructor(trainer: Subject) {
    this.#trainer = trainer
  }

  async run({ resume_from_checkpoint, signal }: TrainOptions): Promise<TrainOutput> {
    const trainer = this.#trainer
    const { args, callback_handler } = trainer
    const loader = trainer.get_train_dataloader()
    const plan = planTraining(args, loader)
    const { optimizer, lr_scheduler } = trainer.create_optimizer_and_scheduler(plan.max_steps)
    this.#parameters = trainer.model.num_parameters?.({ exclude_embeddings: true }) ?? 0
    this.#optimizer = optimizer
    this.#scheduler = lr_scheduler
    trainer.state = new TrainerState()
    trainer.state.compute_steps(args, plan.max_steps)
    trainer.state.train_batch_size = args.train_batch_size
    if (args.gradient_checkpointing) this.#checkpointGradients()

    const from =
      resume_from_checkpoint === undefined || resume_from_checkpoint === false
        ? undefined
        : await resolveCheckpoint(resume_from_checkpoint, args.output_dir)
    if (from !== undefined) await this.#takeUp(from)
    const { state } = trainer
    state.max_steps = plan.max_steps
    state.num_train_epochs = plan.epochs
    const first = Math.floor(state.global_step / plan.updates)
    this.#lastLogged = state.global_step
    const started = performance.now()

    trainer.model.zero_grad()
    await callback_handler.call('on_train_begin')
    if (args.eval_on_start) await trainer.evaluate()
    for (let epoch = first; epoch < plan.epochs; epoch++) {
      await this.#epoch(loader, plan, epoch, epoch === first ? from : undefined, signal)
      if (trainer.control.should_training_stop) break
    }
    if (args.load_best_model_at_end) await this.#loadBest()
    return this.#finish(plan, loader, started)
  }

  #checkpointGradients(): void {
    const { model } = this.#trainer
    if (!model.gradient_checkpointing_enable) {
      throw new ArgumentError(`${model.constructor.name} has no gradient checkpointing`)
    }
    model.gradient_checkpointing_enable()
  }

  async #takeUp(folder: string): Promise<void> {
    const trainer = this.#trainer
    await trainer.loadWeights(folder)
    await loadOptimizer(folder, this.#optimizer, this.#scheduler)
    trainer.state = await TrainerState.load_from_json(join(folder, stateFile))
    trainer.callback_handler.restore(trainer.state.stateful_callbacks)
    const { train_batch_size } = trainer.state
    if (train_batch_size !== null && train_batch_size !== trainer.args.train_batch_size) {
      throw new CheckpointError(
        `${folder} was trained with batches of ${train_batch_size}, not ${trainer.args.train_batch_size}: its place in the data would be another`,
        { hint: `set per_device_train_batch_size: ${train_batch_size}` },
      )
    }
  }

  async #epoch(
    loader: Loader,
    plan: Plan,
    epoch: number,
    from: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { args, state, control, callback_handler } = this.#trainer
    const accumulate = args.gradient_accumulation_steps
    const sampler = loader.batch_sampler?.sampler
    if (sampler instanceof SeedableRandomSampler) sampler.set_epoch(epoch)
    await callback_handler.call('on_epoch_begin')

    const skipped = from && !args.ignore_data_skip ? (state.global_step % plan.updates) * accumulate : 0
    const random = from ? await loadRandomState(from) : undefined
    const batches = new BatchesAhead<Batch>(loader)
    if (skipped > 0) await batches.resume(skipped, random)

    let step = skipped
    let figures: UpdateFigures | undefined
    while (step < plan.batches) {
      const group: Batch[] = []
      for (let i = 0; i < Math.min(accumulate, plan.batches - step); i++) {
        const batch = await batches.next()
        if (batch) group.push(batch)
      }
      if (group.length === 0) break
      this.#place = batches.place
      step += group.length
      figures = await this.#update(group, epoch + step / plan.batches)
      await this.#logEvaluateSave(figures)
      if (signal?.aborted) throw new AbortedError('training was stopped', { cause: signal.reason })
      if (control.should_epoch_stop || control.should_training_stop) break
    }
    if (step === 0) control.should_training_stop = true
    await callback_handler.call('on_epoch_end')
    if (figures) await this.#logEvaluateSave(figures)
  }

  /** Forward and backward passes of the group, and one step of the optimizer. */
  async #update(group: readonly Batch[], epoch: number): Promise<UpdateFigures> {
    const trainer = this.#trainer
    const { args, state, model, callback_handler } = trainer
    await callback_handler.call('on_step_begin')
    let batch = { loss: 0, tokens: 0 }
    for (const [i, inputs] of group.entries()) {
      const loss = await trainer.training_step(inputs, group.length)
      const value = loss.item()
      loss.dispose()
      this.#addLoss(value)
      state.total_flos += this.#flos(inputs)
      batch = { loss: value * group.length, tokens: tokensOf(inputs) }
      if (i < group.length - 1) await callback_handler.call('on_substep_end', { batch })
    }
    const grad_norm =
      args.max_grad_norm > 0 ? clip_grad_norm_(model.parameters(), args.max_grad_norm).item() : undefined
    await callback_handler.call('on_pre_optimizer_step')
    this.#optimizer.step()
    await callback_handler.call('on_optimizer_step')
    const learning_rate = this.#scheduler.get_last_lr()[0] as number
    if (!(this.#scheduler instanceof ReduceLROnPlateau)) this.#scheduler.step()
    model.zero_grad()
    state.global_step += 1
    state.epoch = epoch
    await callback_handler.call('on_step_end', { batch })
    return { grad_norm, learning_rate }
  }

  #addLoss(value: number): void {
    const { args, state } = this.#trainer
    const counted =
      args.logging_nan_inf_filter && !Number.isFinite(value)
        ? this.#loss / (1 + state.global_step - this.#lastLogged)
        : value
    this.#loss = Math.fround(this.#loss + counted)
  }

  #flos(inputs: Batch): number {
    const ids = inputs.input_ids ?? inputs.inputs_embeds
    return native.isTensor(ids) ? 6 * (ids as Tensor).numel() * this.#parameters : 0
  }

  async #logEvaluateSave({ grad_norm, learning_rate }: UpdateFigures): Promise<void> {
    const trainer = this.#trainer
    const { args, state, control } = trainer
    if (control.should_log && state.global_step > this.#lastLogged) {
      const loss = Number((this.#loss / (state.global_step - this.#lastLogged)).toFixed(4))
      this.#totalLoss += this.#loss
      this.#loss = 0
      this.#lastLogged = state.global_step
      await trainer.log({ loss, ...(grad_norm === undefined ? {} : { grad_norm }), learning_rate })
    }
    if (control.should_evaluate) {
      const metrics = await trainer.evaluate()
      if (this.#scheduler instanceof ReduceLROnPlateau) this.#scheduler.step(metricForBest(args, metrics))
      const best = noteBest(args, state, metrics)
      if (args.save_strategy === 'best') control.should_save = best
    }
    if (control.should_save) {
      await this.#save()
      await trainer.callback_handler.call('on_save')
    }
  }

  async #save(): Promise<void> {
    const trainer = this.#trainer
    const { args, state } = trainer
    const folder = checkpointPath(args.output_dir, state.global_step)
    await writeFolderAtomically(folder, async (temporary) => {
      await trainer.save_model(temporary)
      if (state.best_global_step === state.global_step) state.best_model_checkpoint = folder
      if (!args.save_only_model) {
        await saveResumeState(temporary, {
          optimizer: this.#optimizer,
          lr_scheduler: this.#scheduler,
          place: this.#place as RandomPlace,
          seed: args.seed,
        })
      }
      state.stateful_callbacks = trainer.callback_handler.export()
      await state.save_to_json(join(temporary, stateFile))
    })
    await rotateCheckpoints(args.output_dir, args.save_total_limit, state.best_model_checkpoint)
  }

  async #loadBest(): Promise<void> {
    const { best_model_checkpoint } = this.#trainer.state
    if (best_model_checkpoint === null) return
    if (!existsSync(best_model_checkpoint)) {
      throw new CheckpointError(`the best checkpoint, ${best_model_checkpoint}, is gone`)
    }
    await this.#trainer.loadWeights(best_model_checkpoint)
  }

  async #finish(plan: Plan, loader: Loader, started: number): Promise<TrainOutput> {
    const { args, state, callback_handler } = this.#trainer
    this.#totalLoss += this.#loss
    const training_loss = this.#totalLoss / Math.max(state.global_step, 0.001)
    const examples = loader.dataset.length ?? plan.batches * args.train_batch_size
    const num_samples =
      args.max_steps > 0
        ? plan.max_steps * args.train_batch_size * args.gradient_accumulation_steps
        : examples * args.num_train_epochs
    const metrics: LogEntry = {
      ...speed_metrics('train', started, { num_samples, num_steps: plan.max_steps }),
      total_flos: state.total_flos,
      train_loss: training_loss,
    }
    await this.#trainer.log(metrics)
    await callback_handler.call('on_train_end')
    return { global_step: state.global_step, training_loss, metrics }
  }
}

/** Tokens that a batch teaches from, padding not counted. */
function tokensOf({ attention_mask, input_ids }: Batch): number {
  if (native.isTensor(attention_mask)) return (attention_mask as Tensor).sum().item()
  return native.isTensor(input_ids) ? (input_ids as Tensor).numel() : 0
}
