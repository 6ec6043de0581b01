/** What all pipelines share: inputs become rows, rows become batches, and what the model says of them answers. */

import { ArgumentError } from '../../errors.js'
import type { HubOptions } from '../../hub/index.js'
import type { Device, DeviceLike } from '../../torch/device.js'
import type { Head } from '../modeling/network.js'
import { Callable } from '../tokenization/callable.js'
import { checkOptions, type OptionRules } from '../tokenization/options.js'
import { orAborted, refuseAborted } from './abort.js'
import { deviceOf } from './device.js'
import { disposeOutputs, forward, type PipelineModel, type PipelineTokenizer } from './forward.js'
import { type InputSource, openSource } from './input-source.js'
import { batchesByLength, type ModelRow } from './model-rows.js'
import { given, RUN_RULES, type RunOptions, splitRunOptions } from './run-options.js'
import { Turns } from './turns.js'

/** The types of a task. */
export interface TaskTypes {
  /** One input. */
  input: unknown
  /** What is answered to one input. */
  answer: unknown
  /** Options of a call, beside `RunOptions`. */
  options: object
  /** The options as preprocess and postprocess take them. */
  settings: unknown
  /** What postprocess needs to know of an input. */
  context: unknown
  /** What the model gives. */
  outputs: object
  /** What is kept of it for one row. */
  kept: unknown
}

/** A pipeline that was given a name loaded its model itself, and releases it. */
export const ownsModel = Symbol('ownsModel')

/** What a pipeline is made of; other options are defaults of its calls. */
export interface PipelineParts<Outputs = unknown> {
  model: PipelineModel<Outputs>
  tokenizer: PipelineTokenizer
  /** Where the model is moved to: a device, or as in Python the index of a GPU, -1 for the CPU. Default: it stays. */
  device?: DeviceLike | number
  /** @internal */
  [ownsModel]?: boolean
}

/** The static side of a pipeline's class. */
export interface PipelineStatics {
  readonly task: string
  /** Heads of models that fit; null: all do. */
  readonly heads: readonly Head[] | null
  /** The Auto class that loads such models. */
  readonly autoClass: string
  /** Of the task's own options. */
  readonly optionRules: OptionRules
  /**
   * Looks into the folder of a model, or the hub, for what the pipeline is made of besides model and tokenizer.
   * @returns parts for the constructor, and where in the folder the model lies
   */
  findParts?(model: string, hub: HubOptions): Promise<{ subfolder: string; parts: object } | undefined>
}

/** The rows of an input, and what postprocess needs besides. */
export interface Prepared<Context> {
  readonly rows: readonly ModelRow[]
  readonly context: Context
}

interface Item<T extends TaskTypes> extends Prepared<T['context']> {
  /** By row; filled as batches come back. */
  readonly kept: T['kept'][]
  rowsLeft: number
}

/** Inputs that are tokenized at once. */
const inputsPerStep = 32
/** Batches whose rows are sorted together: more waste less padding, and answers come later. */
const batchesPerWindow = 8
/** Tokens of a batch, and values that the model may answer to it. */
const usualLimits = { cpu: { tokens: 2048, values: 2 ** 26 }, gpu: { tokens: 16384, values: 2 ** 28 } }

/**
 * transformers Pipeline. An instance is a function: `await pipe(input)` answers one input, `await pipe(inputs)` an
 * array of them in its order, `pipe.stream(inputs)` whatever can be iterated, with bounded memory. Rows of similar
 * length go through the model together, off the event loop and without gradients.
 */
export abstract class Pipeline<T extends TaskTypes = TaskTypes> extends Callable {
  readonly model: PipelineModel<T['outputs']>
  readonly tokenizer: PipelineTokenizer
  /** Options of calls that do not say otherwise. */
  protected readonly defaults: Partial<T['options']> & RunOptions
  readonly #ownsModel: boolean

  /**
   * @param parts the model, its tokenizer, and default options of the calls
   * @throws ArgumentError for a model without the head of the task, and for unknown options
   */
  constructor(parts: PipelineParts<T['outputs']> & Partial<T['options']> & RunOptions) {
    super()
    const { model, tokenizer, device, [ownsModel]: owns = false, ...defaults } = parts
    this.#requireHead(model)
    this.model = device === undefined ? model : model.to(deviceOf(device))
    this.tokenizer = tokenizer
    this.defaults = given(defaults) as Partial<T['options']> & RunOptions
    this.#ownsModel = owns
    this.#check(defaults)
  }

  get #statics(): PipelineStatics {
    return this.constructor as unknown as PipelineStatics
  }

  /** The name of the task, as `pipeline(task, …)` takes it. */
  get task(): string {
    return this.#statics.task
  }

  get device(): Device {
    return this.model.device
  }

  /** Checks one input. @param where its name in the message: `inputs[3]` @throws ArgumentError, TokenizerError */
  protected abstract checkInput(input: T['input'], where: string): void

  /** Makes settings of the options; those of the pipeline and of the call are joined and checked before. */
  protected abstract settle(options: Partial<T['options']>): T['settings'] | Promise<T['settings']>

  /** Rows of tokens for some inputs, in their order. @param nameOf the name of one of them in a message */
  protected abstract preprocess(
    inputs: readonly T['input'][],
    settings: T['settings'],
    nameOf: (i: number) => string,
  ): Promise<Prepared<T['context']>[]>

  /** Takes out of a batch's outputs what answers its rows; the outputs are released afterwards. */
  protected abstract keep(
    outputs: T['outputs'],
    rows: readonly ModelRow[],
    settings: T['settings'],
  ): T['kept'][] | Promise<T['kept'][]>

  /** The answer to one input. @param kept by row */
  protected abstract postprocess(
    context: T['context'],
    kept: readonly T['kept'][],
    settings: T['settings'],
  ): T['answer'] | Promise<T['answer']>

  /** Values that the model gives for each token: they, too, bound a batch. */
  protected get outputsPerToken(): number {
    return this.model.config.hidden_size
  }

  protected override async call(
    inputs: T['input'] | readonly T['input'][],
    options: Partial<T['options']> & RunOptions = {},
  ): Promise<unknown> {
    const isBatch = Array.isArray(inputs)
    if (!isBatch && isIterable(inputs)) {
      throw new ArgumentError(`the pipeline takes an input or an array of them, got an iterable`, {
        hint: 'for await (const answer of pipe.stream(inputs)) answers iterables, asynchronous ones too',
      })
    }
    const all: readonly T['input'][] = isBatch ? inputs : [inputs]
    const answers: T['answer'][] = []
    for await (const answer of this.#run(openSource(all), options, all.length, isBatch)) answers.push(answer)
    return isBatch ? answers : answers[0]
  }

  /**
   * Answers inputs one after the other, as they come, in their order. Memory is bounded however many there are; inputs
   * that are there at once share batches, none waits for inputs that are still to come.
   *
   * @param inputs an array, an iterable, or an asynchronous iterable (a stream of lines)
   * @param options those of a call
   */
  stream(
    inputs: Iterable<T['input']> | AsyncIterable<T['input']>,
    options: Partial<T['options']> & RunOptions = {},
  ): AsyncGenerator<T['answer'], void, undefined> {
    if (typeof inputs === 'string' || !isIterable(inputs)) {
      throw new ArgumentError('stream takes an iterable of inputs', {
        hint: 'for one input: await pipe(input)',
      })
    }
    this.#check(options)
    return this.#run(openSource(inputs), options, Array.isArray(inputs) ? inputs.length : undefined, true)
  }

  /** Releases the model if the pipeline loaded it; a model that was given stays its owner's. */
  dispose(): void {
    if (this.#ownsModel) this.model.dispose()
  }

  [Symbol.dispose](): void {
    this.dispose()
  }

  async *#run(
    source: InputSource<T['input']>,
    options: Partial<T['options']> & RunOptions,
    total: number | undefined,
    isBatch: boolean,
  ): AsyncGenerator<T['answer'], void, undefined> {
    try {
      this.#check(options)
      this.#requireEvaluation()
      const [run, own] = splitRunOptions<Partial<T['options']>>({ ...this.defaults, ...given(options) })
      const settings = await this.settle(own)
      const turns = new Turns()
      for (let position = 0; ; ) {
        const nameOf = (i: number) => (isBatch ? `inputs[${position + i}]` : 'the input')
        const window = await this.#fill(source, settings, run, nameOf)
        if (window.length === 0) return
        await this.#compute(window, settings, run, (done) => {
          run.onProgress?.({ done: position + done, total })
        })
        position += window.length
        for (const { context, kept } of window) {
          refuseAborted(run.signal, this.#name)
          await turns.pause()
          yield await this.postprocess(context, kept, settings)
        }
      }
    } finally {
      await source.close()
    }
  }

  get #name(): string {
    return `the ${this.task} pipeline`
  }

  #check(options: object): void {
    checkOptions(options, { ...RUN_RULES, ...this.#statics.optionRules }, this.task)
  }

  #requireHead(model: unknown): asserts model is PipelineModel<T['outputs']> {
    const { task, heads, autoClass } = this.#statics
    const head = (Object(model).constructor as { head?: Head }).head
    if (head !== undefined && (heads === null || heads.includes(head))) return
    const got = head === undefined ? `a ${typeof model}` : `a ${Object(model).constructor.name}`
    throw new ArgumentError(`the ${task} pipeline cannot work with ${got}`, {
      hint: `it takes what ${autoClass}.from_pretrained gives`,
    })
  }

  #requireEvaluation(): void {
    if (!this.model.training) return
    throw new ArgumentError(
      `the model of the ${this.task} pipeline is in training mode: dropout would make its answers random`,
      { hint: 'call model.eval() before' },
    )
  }

  get #tokensPerBatch(): number {
    const { tokens, values } = usualLimits[this.device.type === 'cpu' ? 'cpu' : 'gpu']
    return Math.max(1, Math.min(tokens, Math.floor(values / this.outputsPerToken)))
  }

  /** Inputs with enough rows for several batches, or those that are there. */
  async #fill(
    source: InputSource<T['input']>,
    settings: T['settings'],
    { tokensPerBatch = this.#tokensPerBatch, signal }: RunOptions,
    nameOf: (i: number) => string,
  ): Promise<Item<T>[]> {
    const window: Item<T>[] = []
    for (let tokens = 0; tokens < batchesPerWindow * tokensPerBatch; ) {
      const pending = source.take(inputsPerStep, window.length === 0)
      const inputs = await orAborted(pending, signal, this.#name, () => {})
      if (inputs.length === 0) break
      const before = window.length
      const nameHere = (i: number) => nameOf(before + i)
      for (const [i, input] of inputs.entries()) this.checkInput(input, nameHere(i))
      for (const { rows, context } of await this.preprocess(inputs, settings, nameHere)) {
        for (const row of rows) this.#requireFit(row, nameOf(window.length))
        tokens += rows.reduce((sum, { input_ids }) => sum + input_ids.length, 0)
        window.push({ rows, context, kept: new Array(rows.length), rowsLeft: rows.length })
      }
    }
    return window
  }

  /** A row beyond the position table would fail its whole batch, and name no input. */
  #requireFit({ input_ids }: ModelRow, where: string): void {
    const limit = this.maxTokens
    if (input_ids.length <= limit) return
    throw new ArgumentError(
      `${where} has ${input_ids.length} tokens, more than the ${limit} that the model takes`,
      {
        hint: this.truncationHint(limit),
      },
    )
  }

  /** Tokens of a row at most: the position table of RoBERTa and its kin begins behind the padding's row. */
  protected get maxTokens(): number {
    const { model_type, max_position_embeddings, pad_token_id } = this.model.config
    return max_position_embeddings - (model_type === 'bert' ? 0 : pad_token_id + 1)
  }

  /** How long inputs are cut. */
  protected truncationHint(limit: number): string {
    return `pass truncation: true, max_length: ${limit}`
  }

  async #compute(
    window: readonly Item<T>[],
    settings: T['settings'],
    { tokensPerBatch = this.#tokensPerBatch, batch_size = Infinity, signal }: RunOptions,
    onDone: (items: number) => void,
  ): Promise<void> {
    const placed = window.flatMap((item) => item.rows.map((row, index) => ({ row, item, index })))
    const limits = { tokens: tokensPerBatch, rows: batch_size, canPad: this.tokenizer.pad_token_id !== null }
    let done = 0
    for (const batch of batchesByLength(placed, limits)) {
      const rows = batch.map(({ row }) => row)
      const pending = forward(this.model, this.tokenizer, rows)
      const outputs = await orAborted(pending, signal, this.#name, disposeOutputs)
      const kept = await this.#keepOf(outputs, rows, settings)
      for (const [i, { item, index }] of batch.entries()) {
        item.kept[index] = kept[i] as T['kept']
        item.rowsLeft--
        if (item.rowsLeft === 0) done++
      }
      onDone(done)
    }
  }

  async #keepOf(
    outputs: T['outputs'],
    rows: readonly ModelRow[],
    settings: T['settings'],
  ): Promise<T['kept'][]> {
    try {
      return await this.keep(outputs, rows, settings)
    } finally {
      disposeOutputs(outputs)
    }
  }
}

const isIterable = (value: unknown): value is Iterable<unknown> | AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value)
