/** transformers Trainer: trains, evaluates and predicts with a model, by TrainingArguments. */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { writeAtomically } from '../../atomic-write.js'
import { ArgumentError } from '../../errors.js'
import { device as cpu } from '../../torch/device.js'
import type { Optimizer } from '../../torch/optim/index.js'
import type { Schedule } from '../../torch/optim/lr-scheduler/index.js'
import { manual_seed } from '../../torch/random.js'
import { save_file } from '../../torch/serialization/safetensors.js'
import type { Tensor } from '../../torch/tensor.js'
import { DataLoader, type Dataset, IterableDataset, type Sampler } from '../../torch/utils/data.js'
import { openWeights } from '../checkpoint/index.js'
import {
  type CollatorTokenizer,
  DataCollatorWithPadding,
  default_data_collator,
} from '../data-collators/index.js'
import { makeFolder } from '../folder.js'
import { get_scheduler } from '../optimization/index.js'
import { type CallbackClass, CallbackHandler } from './callback-handler.js'
import type { TrainerCallback } from './callbacks.js'
import { exampleLengths, LengthGroupedSampler, SeedableRandomSampler } from './data-order.js'
import { type EvalLoopOutput, type EvalPrediction, EvaluationResults } from './evaluation.js'
import {
  type Batch,
  type ComputeLoss,
  computeLoss,
  type LossRules,
  predictionStep,
  prepareInputs,
  type TrainableModel,
} from './model-step.js'
import { create_optimizer } from './optimizers.js'
import { speed_metrics } from './speed-metrics.js'
import { type LogEntry, TrainerControl, TrainerState } from './trainer-state.js'
import { TrainingArguments } from './training-arguments.js'
import { TrainingLoop, type TrainOptions, type TrainOutput } from './training-loop.js'

/** Makes a batch of examples. */
export type DataCollator<Example> = (examples: Example[]) => Batch | Promise<Batch>

type ProcessingClass = { save_pretrained(folder: string): Promise<unknown> } & Partial<CollatorTokenizer>

type Examples<Example> = Dataset<Example> | IterableDataset<Example>

export interface TrainerOptions<Example> {
  model: TrainableModel
  args?: TrainingArguments
  /**
   * Makes a batch of examples; it must give what the model takes by name, labels included. Default: pads what the
   * tokenizer of `processing_class` made, or joins examples of the same shapes.
   */
  data_collator?: DataCollator<Example>
  train_dataset?: Examples<Example>
  eval_dataset?: Examples<Example>
  /** The tokenizer: saved beside the model. */
  processing_class?: ProcessingClass
  compute_loss_func?: ComputeLoss
  /** Figures by name from predictions and labels. */
  compute_metrics?: (prediction: EvalPrediction) => LogEntry | Promise<LogEntry>
  callbacks?: readonly TrainerCallback[]
  /** An optimizer and a schedule of one's own; what is missing is made by the arguments. */
  optimizers?: readonly [optimizer?: Optimizer, lr_scheduler?: Schedule]
}

/** What `predict` gives. */
export interface PredictionOutput {
  predictions: Tensor | Tensor[] | undefined
  label_ids: Tensor | Tensor[] | undefined
  metrics: LogEntry
}

// The examples' types are checked by the collators themselves.
const defaultCollator = <Example>(tokenizer: ProcessingClass | undefined) =>
  (typeof tokenizer?.pad === 'function'
    ? new DataCollatorWithPadding({ tokenizer: tokenizer as CollatorTokenizer })
    : default_data_collator) as unknown as DataCollator<Example>

const weightsFile = 'model.safetensors'

/**
 * transformers Trainer. Forward and backward passes run off the event loop.
 *
 * With the same seed, batches and number of threads it takes the same steps as Python's, bit for bit.
 */
export class Trainer<Example = unknown> {
  readonly model: TrainableModel
  readonly args: TrainingArguments
  readonly train_dataset: Examples<Example> | undefined
  readonly eval_dataset: Examples<Example> | undefined
  readonly processing_class: ProcessingClass | undefined
  readonly callback_handler: CallbackHandler
  state = new TrainerState()
  readonly control = new TrainerControl()
  optimizer: Optimizer | undefined
  lr_scheduler: Schedule | undefined
  readonly #collator: DataCollator<Example>
  readonly #computeLoss: ComputeLoss | undefined
  readonly #computeMetrics: TrainerOptions<Example>['compute_metrics']

  /** As in Python, the seed of `args` becomes that of the default generator. */
  constructor(options: TrainerOptions<Example>) {
    const { model, args = new TrainingArguments(), processing_class } = options
    const data_collator = options.data_collator ?? defaultCollator<Example>(processing_class)
    if (typeof model?.named_parameters !== 'function') throw new ArgumentError('a Trainer needs a model')
    if (typeof data_collator !== 'function') {
      throw new ArgumentError('data_collator must be a function that makes a batch of examples')
    }
    if (!(args instanceof TrainingArguments)) {
      throw new ArgumentError('args must be TrainingArguments', { hint: 'new TrainingArguments({ … })' })
    }
    this.model = model
    this.args = args
    this.train_dataset = options.train_dataset
    this.eval_dataset = options.eval_dataset
    this.processing_class = processing_class
    ;[this.optimizer, this.lr_scheduler] = options.optimizers ?? []
    this.#collator = data_collator
    this.#computeLoss = options.compute_loss_func
    this.#computeMetrics = options.compute_metrics
    this.callback_handler = new CallbackHandler(this, options.callbacks ?? [])
    manual_seed(args.seed)
  }

  add_callback(callback: TrainerCallback): void {
    this.callback_handler.add(callback)
  }

  /** Takes a callback out, or the first of a class: `remove_callback(PrinterCallback)`. */
  remove_callback(callback: TrainerCallback | CallbackClass): void {
    this.callback_handler.remove(callback)
  }

  /** Names of the labels in a batch. */
  get label_names(): readonly string[] {
    const questions = /ForQuestionAnswering$/.test(this.model.constructor.name)
    return this.args.label_names ?? (questions ? ['start_positions', 'end_positions'] : ['labels'])
  }

  get #lossRules(): LossRules {
    return {
      label_smoothing_factor: this.args.label_smoothing_factor,
      compute_loss_func: this.#computeLoss,
    }
  }

  get #device() {
    return this.model.parameters()[0]?.device ?? cpu('cpu')
  }

  /**
   * Trains to the end, or goes on from a checkpoint.
   *
   * @throws ArgumentError without a train_dataset, CheckpointError for what cannot be resumed from.
   */
  async train(options: TrainOptions = {}): Promise<TrainOutput> {
    return new TrainingLoop(this).run(options)
  }

  /** Batches of the training data, in an order that depends on the seed and the epoch alone. */
  get_train_dataloader(): DataLoader<Example, Batch | Promise<Batch>> {
    const { train_dataset } = this
    if (!train_dataset) throw new ArgumentError('training needs a train_dataset')
    return this.#loader(train_dataset, this.args.train_batch_size, this.#trainSampler(train_dataset))
  }

  #trainSampler(dataset: Examples<Example>): Sampler | undefined {
    if (dataset instanceof IterableDataset) return undefined
    const { group_by_length, train_batch_size, gradient_accumulation_steps, data_seed, seed } = this.args
    if (!group_by_length) return new SeedableRandomSampler(dataset, data_seed ?? seed)
    return this.#byLength(dataset, train_batch_size * gradient_accumulation_steps)
  }

  #byLength(dataset: Dataset<Example>, batch_size: number): Sampler {
    return new LengthGroupedSampler(exampleLengths(dataset, this.args.length_column_name), batch_size)
  }

  #loader(dataset: Examples<Example>, batch_size: number, sampler?: Sampler) {
    const { dataloader_drop_last: drop_last } = this.args
    return new DataLoader<Example, Batch | Promise<Batch>>(dataset, {
      batch_size,
      drop_last,
      collate_fn: this.#collator,
      ...(sampler ? { sampler } : {}),
    })
  }

  create_optimizer_and_scheduler(num_training_steps: number): {
    optimizer: Optimizer
    lr_scheduler: Schedule
  } {
    const { args } = this
    this.optimizer ??= create_optimizer(this.model, args)
    this.lr_scheduler ??= get_scheduler(args.lr_scheduler_type, this.optimizer, {
      num_warmup_steps: args.get_warmup_steps(num_training_steps),
      num_training_steps,
      scheduler_specific_kwargs: args.lr_scheduler_kwargs,
    })
    return { optimizer: this.optimizer, lr_scheduler: this.lr_scheduler }
  }

  /**
   * Forward and backward passes of one batch; subclasses may override it.
   *
   * @param accumulated batches that make up the update, by whose number the loss is divided
   * @returns the loss, so divided and without its graph
   */
  async training_step(batch: Batch, accumulated: number): Promise<Tensor> {
    this.model.train()
    const { loss, outputs } = await computeLoss(this.model, this.prepare(batch), this.#lossRules)
    const scaled = loss.div(accumulated)
    await scaled.backwardAsync()
    const value = scaled.detach()
    for (const output of Object.values(outputs)) (output as Partial<Disposable> | null)?.[Symbol.dispose]?.()
    return value
  }

  /** A batch on the model's device. */
  prepare(batch: Batch): Batch {
    return prepareInputs(batch, this.#device)
  }

  /**
   * Loss and metrics of a data set, logged too.
   *
   * @param options.metric_key_prefix what the names begin with; default `eval`
   */
  async evaluate(
    options: { eval_dataset?: Examples<Example>; metric_key_prefix?: string } = {},
  ): Promise<LogEntry> {
    const { eval_dataset = this.eval_dataset, metric_key_prefix = 'eval' } = options
    if (!eval_dataset) throw new ArgumentError('evaluation needs an eval_dataset')
    const lossOnly = this.#computeMetrics === undefined || this.args.prediction_loss_only
    const grouped = this.args.group_by_length && !(eval_dataset instanceof IterableDataset)
    const { eval_batch_size } = this.args
    const order = grouped ? this.#byLength(eval_dataset, eval_batch_size) : undefined
    const loader = this.#loader(eval_dataset, eval_batch_size, order)
    const { metrics } = await this.#predictAll(loader, metric_key_prefix, lossOnly)
    await this.log(metrics)
    await this.callback_handler.call('on_evaluate', { metrics })
    return metrics
  }

  /** Predictions for a data set, in its order, with metrics where it has labels. */
  async predict(
    test_dataset: Examples<Example>,
    { metric_key_prefix = 'test' }: { metric_key_prefix?: string } = {},
  ): Promise<PredictionOutput> {
    const lossOnly = this.args.prediction_loss_only
    const loader = this.#loader(test_dataset, this.args.eval_batch_size)
    const { output, metrics } = await this.#predictAll(loader, metric_key_prefix, lossOnly)
    await this.callback_handler.call('on_predict', { metrics })
    return { predictions: output.predictions, label_ids: output.label_ids, metrics }
  }

  async #predictAll(
    loader: DataLoader<Example, Batch | Promise<Batch>>,
    prefix: string,
    prediction_loss_only: boolean,
  ) {
    const started = performance.now()
    const results = new EvaluationResults()
    const training = this.model.training
    this.model.eval()
    for (const made of loader) {
      const inputs = this.prepare(await made)
      const { label_names } = this
      const step = await predictionStep(this.model, inputs, {
        ...this.#lossRules,
        label_names,
        prediction_loss_only,
      })
      results.add(step, (Object.values(inputs)[0] as Tensor).length)
      await this.callback_handler.call('on_prediction_step')
    }
    this.model.train(training)
    const output = results.finish()
    const { num_samples } = output
    const num_steps = Math.ceil(num_samples / loader.batch_size)
    const metrics = {
      ...(await this.#metricsOf(output, prefix)),
      ...speed_metrics(prefix, started, { num_samples, num_steps }),
    }
    return { output, metrics }
  }

  async #metricsOf({ predictions, label_ids, loss }: EvalLoopOutput, prefix: string): Promise<LogEntry> {
    const computed =
      this.#computeMetrics && predictions !== undefined && label_ids !== undefined
        ? await this.#computeMetrics({ predictions, label_ids })
        : {}
    const all = { ...computed, ...(loss === undefined ? {} : { [`${prefix}_loss`]: loss }) }
    const named = Object.entries(all).map(([name, value]) => [
      name.startsWith(`${prefix}_`) ? name : `${prefix}_${name}`,
      value,
    ])
    return Object.fromEntries(named)
  }

  /** Adds an entry to the log and tells the callbacks. */
  async log(logs: LogEntry): Promise<void> {
    const entry = { ...logs, epoch: this.state.epoch }
    this.state.log_history.push({ ...entry, step: this.state.global_step })
    await this.callback_handler.call('on_log', { logs: entry })
  }

  /** Writes model, tokenizer and arguments into a folder that Python's Transformers opens. */
  async save_model(output_dir: string = this.args.output_dir): Promise<void> {
    await makeFolder(output_dir)
    if (this.model.save_pretrained) await this.model.save_pretrained(output_dir)
    else
      await save_file(this.model.state_dict(), join(output_dir, weightsFile), { metadata: { format: 'pt' } })
    await this.processing_class?.save_pretrained(output_dir)
    await writeAtomically(join(output_dir, 'training_args.json'), async (path) => {
      await writeFile(path, `${JSON.stringify(this.args.to_dict(), undefined, 2)}\n`)
    })
  }

  /** Writes `trainer_state.json` into `output_dir`. */
  async save_state(): Promise<void> {
    await makeFolder(this.args.output_dir)
    await this.state.save_to_json(join(this.args.output_dir, 'trainer_state.json'))
  }

  /**
   * Takes over the weights of a checkpoint.
   *
   * @throws CheckpointError when they are of another model.
   */
  async loadWeights(folder: string): Promise<void> {
    const weights = Object.fromEntries(await openWeights(folder))
    // Tied weights are stored once.
    const own = this.model.state_dict()
    const tied = Object.keys(own).filter((name) => !(name in weights) && /decoder\.(weight|bias)$/.test(name))
    for (const name of tied) weights[name] = own[name] as Tensor
    this.model.load_state_dict(weights)
  }
}
