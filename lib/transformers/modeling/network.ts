/** The network of a model: the native one behind a module, and the bare model inside it. */

import { ArgumentError, DisposedError } from '../../errors.js'
import type { NativeInputs, NativeModel, NativeOutputs } from '../../native/addon.js'
import type { Device } from '../../torch/device.js'
import type { DType } from '../../torch/dtype.js'
import { native } from '../../torch/native.js'
import { type AnyModule, isHooked } from '../../torch/nn/module.js'
import type { StateNode } from '../../torch/nn/state-dict.js'
import type { Tensor } from '../../torch/tensor.js'
import { Warnings } from '../tokenization/warnings.js'
import { EmbeddedModel } from './embedded-model.js'
import type { ConfigClass, EncoderConfig } from './encoder-configuration.js'
import { GradientCheckpointing, type GradientCheckpointingOptions } from './gradient-checkpointing.js'
import type { BaseModel } from './heads.js'
import type { ModelInputs } from './inputs.js'
import { withPositions } from './model-output.js'

/** What stands on the encoder; the native side knows each by this name. */
export type Head =
  | 'none'
  | 'masked-lm'
  | 'causal-lm'
  | 'sequence-classification'
  | 'token-classification'
  | 'question-answering'
  | 'multiple-choice'
  | 'sentence-pair'
  | 'pre-training'

export interface ModelOptions {
  /** `sdpa` (default) or `eager`. */
  attn_implementation?: 'sdpa' | 'eager'
  /** Of a model without a head: whether it has a pooler; default true. */
  add_pooling_layer?: boolean
}

/** A network and what belongs to it. */
interface Made {
  native: NativeModel
  parameters: [string, Tensor][]
  checkpointing: GradientCheckpointing
}

/** How a model comes by its weights inside this package: left unset, because the file's follow, or from around it. */
export const weightsFrom = Symbol('weightsFrom')
export interface InternalOptions extends ModelOptions {
  [weightsFrom]?: 'elsewhere' | Made
}

/** A model that can be run. */
export abstract class Network<
  Inputs extends ModelInputs,
  Output,
  Config extends EncoderConfig,
> extends EmbeddedModel<Inputs, Output, Config> {
  static readonly config_class: ConfigClass
  static readonly head: Head
  /** The class of the model inside; none: there is no head. */
  static readonly base_class: (new (config: never, options?: ModelOptions) => unknown) | null = null
  /** Names of this class for outputs that others name otherwise. */
  static readonly outputNames: Partial<Record<keyof NativeOutputs, string>> = {}
  /** Names of this class for inputs that others name otherwise. */
  static readonly inputNames: Partial<Record<keyof NativeInputs, string>> = {}

  override readonly config: Config
  protected readonly options: ModelOptions
  readonly #native: NativeModel
  readonly #parameters: [string, Tensor][]
  readonly #checkpointing: GradientCheckpointing
  readonly #base: BaseModel<Config> | null
  readonly #warnings = new Warnings()
  #disposed = false

  /** New weights, drawn as in Python from the same seed. */
  constructor(config: Config, options: ModelOptions = {}) {
    super()
    const type = this.constructor as typeof Network
    if (!(config instanceof type.config_class)) {
      throw new ArgumentError(`${type.name} takes a ${type.config_class.name}`, {
        hint: `new ${type.name}(new ${type.config_class.name}({ … })), or ${type.name}.from_pretrained(folder)`,
      })
    }
    this.config = config
    const { attn_implementation, add_pooling_layer = true } = options
    const { [weightsFrom]: from } = options as InternalOptions
    this.options = { attn_implementation, add_pooling_layer }
    const made = typeof from === 'object' ? from : this.#make(from !== 'elsewhere')
    this.#native = made.native
    this.#parameters = made.parameters
    this.#checkpointing = made.checkpointing
    this.#base = this.#makeBase()
    this.#takeOldCheckpointing()
  }

  #make(initialize: boolean): Made {
    const { model_type, num_labels } = this.config
    const { attn_implementation, add_pooling_layer } = this.options
    const fields = { ...this.config, model_type, num_labels, attn_implementation }
    const { head } = this.constructor as typeof Network
    const made = native.createModel(head, add_pooling_layer === true, fields, initialize)
    return {
      native: made,
      parameters: native.modelParameters(made),
      checkpointing: new GradientCheckpointing(),
    }
  }

  #makeBase(): BaseModel<Config> | null {
    const { base_class } = this.constructor as typeof Network
    if (base_class === null) return null
    const prefix = `${this.base_model_prefix}.`
    const inner: Made = {
      native: native.modelBase(this.#native),
      parameters: this.#parameters
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, parameter]) => [name.slice(prefix.length), parameter]),
      checkpointing: this.#checkpointing,
    }
    const internal: InternalOptions = { ...this.options, [weightsFrom]: inner }
    return new base_class(this.config as never, internal) as BaseModel<Config>
  }

  /** Old configurations say it in a field, which Transformers takes out. */
  #takeOldCheckpointing(): void {
    const fields = this.config as { gradient_checkpointing?: unknown }
    if (fields.gradient_checkpointing !== true) return
    this.gradient_checkpointing_enable()
    delete fields.gradient_checkpointing
  }

  /**
   * The bare model that a head stands on, over the same parameters: `model.base_model.requires_grad_(false)` freezes it.
   * A model without a head is its own. It can be called, too; hooks on it run then only, not within the head's call.
   */
  get base_model(): BaseModel<Config> {
    return this.#base ?? (this as unknown as BaseModel<Config>)
  }

  override named_children(): [string, AnyModule][] {
    const children = super.named_children()
    if (this.#base === null) return children
    return [[this.base_model_prefix, this.#base as unknown as AnyModule], ...children]
  }

  // What is inside has no state of its own.
  protected override stateNode(prefix: string): StateNode {
    const node = super.stateNode(prefix)
    return { ...node, children: node.children.filter(({ module }) => module !== (this.#base as unknown)) }
  }

  get supports_gradient_checkpointing(): boolean {
    return true
  }

  get is_gradient_checkpointing(): boolean {
    return this.#checkpointing.enabled
  }

  /**
   * Keeps of each layer its inputs only and computes it again in the backward pass, which needs less memory and more
   * time; losses and gradients are the same to the last bit. In training mode only, and without a cache of keys and values.
   * While `backwardAsync` runs, random numbers drawn elsewhere are undefined: it goes back to those of the forward pass.
   *
   * @throws ArgumentError for an option that is not known.
   */
  gradient_checkpointing_enable(gradient_checkpointing_kwargs: GradientCheckpointingOptions = {}): void {
    this.#checkpointing.enable(gradient_checkpointing_kwargs)
  }

  gradient_checkpointing_disable(): void {
    this.#checkpointing.disable()
  }

  /**
   * Takes heads of self-attention away for good, `{1: [0, 2]}` the first and the third of layer 1: its weights become
   * smaller, and `config.pruned_heads` remembers them. Heads keep the numbers that they had at first. The parameters stay
   * the same tensors; an optimizer that knows them must be made anew.
   *
   * @throws ArgumentError for a layer or head that there is not, and when a layer would have none left.
   */
  prune_heads(heads_to_prune: Readonly<Record<number, readonly number[]>>): void {
    native.modelPruneHeads(this.#native, heads_to_prune)
    for (const [layer, heads] of Object.entries(heads_to_prune)) {
      const all = new Set([...(this.config.pruned_heads[Number(layer)] ?? []), ...heads])
      this.config.pruned_heads[Number(layer)] = [...all].sort((a, b) => a - b)
    }
  }

  get device(): Device {
    return native.modelInputEmbeddings(this.#native).device
  }

  get dtype(): DType {
    return native.modelInputEmbeddings(this.#native).dtype
  }

  override forward(inputs: Inputs): Output {
    return this.#finish(native.modelForward(this.#native, this.#prepare(inputs)))
  }

  /** `forward` off the event loop, with the grad mode and autocast of the moment of the call. */
  async forwardAsync(inputs: Inputs): Promise<Output> {
    return this.#finish(await native.modelForwardAsync(this.#native, this.#prepare(inputs)))
  }

  #prepare(inputs: Inputs): NativeInputs {
    this.#requireReady()
    if (typeof inputs !== 'object' || inputs === null || native.isTensor(inputs)) {
      throw new ArgumentError('a model takes named inputs', {
        hint: 'write model({ input_ids, attention_mask })',
      })
    }
    const named: Record<string, unknown> = { ...(inputs as object) }
    for (const [name, own] of Object.entries((this.constructor as typeof Network).inputNames)) {
      named[name] = named[own]
    }
    const { is_decoder, use_cache } = this.config
    const { enabled, preserve_rng_state } = this.#checkpointing
    const encoder_training = this.base_model.training
    const gradient_checkpointing = enabled && encoder_training
    const caches =
      is_decoder && ((named.use_cache as boolean | undefined) ?? (named.labels ? false : use_cache))
    if (caches && gradient_checkpointing) {
      this.#warnings.once(
        'ROBERTORCH_NO_CACHE',
        'with gradient checkpointing in training there is no cache: use_cache is off',
      )
    }
    return {
      ...named,
      training: this.training,
      encoder_training,
      gradient_checkpointing,
      preserve_rng_state,
      problem_type: this.config.problem_type,
      use_cache: caches && !gradient_checkpointing,
      output_hidden_states: inputs.output_hidden_states ?? this.config.output_hidden_states,
      output_attentions: inputs.output_attentions ?? this.config.output_attentions,
    }
  }

  #requireReady(): void {
    if (this.#disposed || this.#base?.isDisposed === true)
      throw new DisposedError(`the ${this.constructor.name} was disposed`)
    if (this.#base !== null && isHooked(this.#base)) {
      throw new ArgumentError(`hooks of base_model cannot run within a ${this.constructor.name}`, {
        hint: 'register them on the model itself, or call model.base_model',
      })
    }
  }

  #finish({ problem_type, ...outputs }: NativeOutputs): Output {
    // As in Transformers: an open problem_type is settled by the first labels.
    if (problem_type !== undefined) this.config.problem_type ??= problem_type as Config['problem_type']
    return withPositions<Output>(outputs, (this.constructor as typeof Network).outputNames)
  }

  /** @internal */
  get isDisposed(): boolean {
    return this.#disposed
  }

  protected override ownParameters(): [string, Tensor][] {
    return this.#parameters
  }

  /** Draws new values for the parameters of these names. */
  protected initializeAnew(names: string[]): void {
    if (names.length > 0) native.modelInitialize(this.#native, names)
  }

  /** Releases the weights now, in this thread; other threads that share them keep theirs. */
  dispose(): void {
    this.#disposed = true
    if (this.#base !== null) this.#base.dispose()
    for (const [, parameter] of this.#parameters) {
      if (parameter.disposed) continue
      parameter.grad = null
      // The native model has the same tensor, whatever becomes of this handle.
      parameter.data = parameter.new_empty([0])
      parameter.dispose()
    }
  }

  [Symbol.dispose](): void {
    this.dispose()
  }
}
