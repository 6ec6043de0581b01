/** The RoBERTa models: native networks behind the classes that Transformers' users know. */

import { ArgumentError } from '../../errors.js'
import type { NativeInputs, NativeModel, NativeOutputs } from '../../native/addon.js'
import type { Device } from '../../torch/device.js'
import { type DType, type DTypeLike, float32 } from '../../torch/dtype.js'
import { native } from '../../torch/native.js'
import { Module } from '../../torch/nn/module.js'
import type { Tensor } from '../../torch/tensor.js'
import {
  assignWeights,
  describeLoading,
  type KeyRules,
  type LoadingInfo,
  loadedDType,
  openWeights,
  type SaveOptions,
  saveWeights,
  type WeightOptions,
} from '../checkpoint/index.js'
import type { ConfigInput } from '../configuration.js'
import { makeFolder } from '../folder.js'
import { RobertaConfig, type RobertaFields } from './configuration.js'
import {
  type BaseModelOutput,
  type MaskedLMOutput,
  type SequenceClassifierOutput,
  withPositions,
} from './outputs.js'

/** What every forward pass takes; `input_ids` or `inputs_embeds` is required. Ids are int64 (batch, tokens). */
export interface ModelInputs {
  input_ids?: Tensor
  /** 1 for tokens, 0 for padding: (batch, tokens) or (batch, tokens, tokens). */
  attention_mask?: Tensor
  token_type_ids?: Tensor
  position_ids?: Tensor
  /** (batch, tokens, hidden), instead of `input_ids`. */
  inputs_embeds?: Tensor
  output_hidden_states?: boolean
  output_attentions?: boolean
}

export interface LabelledInputs extends ModelInputs {
  /** int64 (batch, tokens) for masked LM, -100 ignored; (batch) for classification, float for regression. */
  labels?: Tensor
}

export interface FromPretrainedOptions extends ConfigInput<RobertaFields>, WeightOptions {
  config?: RobertaConfig
  /** Dtype of the weights; 'auto': the configuration's or the file's; default float32, whatever the file holds. */
  dtype?: DTypeLike | 'auto'
  attn_implementation?: 'sdpa' | 'eager'
  /** Draw parameters anew whose shape differs, instead of refusing. */
  ignore_mismatched_sizes?: boolean
  /** Receives the report of missing and unexpected weights; default a process warning. */
  onReport?: (info: LoadingInfo, text: string) => void
}

export interface ModelOptions {
  /** `sdpa` (default) or `eager`. */
  attn_implementation?: 'sdpa' | 'eager'
}

type Head = 'none' | 'pooler' | 'masked-lm' | 'sequence-classification'

/** How a class is made by `from_pretrained`: with weights left unset, because the file's follow. */
const emptyWeights = Symbol('emptyWeights')
interface InternalOptions extends ModelOptions {
  [emptyWeights]?: boolean
}

const keyRules: KeyRules = {
  base_model_prefix: 'roberta',
  ignored: [/(^|\.)embeddings\.(position_ids|token_type_ids)$/],
}
// Tied to the word embeddings and to lm_head.bias.
const tiedKeys = [/^lm_head\.decoder\.(weight|bias)$/]

/** What the RoBERTa classes share. */
export abstract class RobertaPreTrainedModel<Inputs extends ModelInputs, Output> extends Module<
  [Inputs],
  Output
> {
  readonly config: RobertaConfig
  readonly #native: NativeModel
  #parameters: [string, Tensor][]

  protected constructor(head: Head, config: RobertaConfig, options: InternalOptions) {
    super()
    if (config.is_decoder) throw new ArgumentError('is_decoder: decoders are not supported')
    this.config = config
    const { attn_implementation } = options
    const fields = { ...config, num_labels: config.num_labels, attn_implementation }
    this.#native = native.createModel(head, fields, options[emptyWeights] !== true)
    this.#parameters = native.modelParameters(this.#native)
  }

  get device(): Device {
    return (this.#parameters[0] as [string, Tensor])[1].device
  }

  get dtype(): DType {
    return (this.#parameters[0] as [string, Tensor])[1].dtype
  }

  /** Number of parameters. */
  num_parameters(options: { only_trainable?: boolean } = {}): number {
    return this.parameters()
      .filter((parameter) => !options.only_trainable || parameter.requires_grad)
      .reduce((sum, parameter) => sum + parameter.numel(), 0)
  }

  override forward(inputs: Inputs): Output {
    const outputs = native.modelForward(this.#native, this.#prepare(inputs))
    return this.#finish(outputs)
  }

  /** `forward` off the event loop, with the grad mode and autocast of the moment of the call. */
  async forwardAsync(inputs: Inputs): Promise<Output> {
    const outputs = await native.modelForwardAsync(this.#native, this.#prepare(inputs))
    return this.#finish(outputs)
  }

  #prepare(inputs: Inputs): NativeInputs {
    if (typeof inputs !== 'object' || inputs === null || native.isTensor(inputs)) {
      throw new ArgumentError('a model takes named inputs', {
        hint: 'write model({ input_ids, attention_mask })',
      })
    }
    return {
      ...inputs,
      training: this.training,
      problem_type: this.config.problem_type,
      output_hidden_states: inputs.output_hidden_states ?? this.config.output_hidden_states,
      output_attentions: inputs.output_attentions ?? this.config.output_attentions,
    }
  }

  #finish({ problem_type, ...outputs }: NativeOutputs): Output {
    // As in Transformers: an open problem_type is settled by the first labels.
    if (problem_type !== undefined) this.config.problem_type ??= problem_type as RobertaConfig['problem_type']
    return withPositions<Output>(outputs)
  }

  protected override ownParameters(): [string, Tensor][] {
    return this.#parameters
  }

  /**
   * Writes `config.json` and `model.safetensors`, each under a temporary name first; Python's Transformers opens it.
   * Above `max_shard_size` the weights are several files with an index.
   */
  async save_pretrained(folder: string, options: SaveOptions = {}): Promise<void> {
    await makeFolder(folder)
    this.config.architectures = [this.constructor.name]
    await saveWeights(folder, this.named_parameters(), options)
    Object.assign(this.config, { dtype: this.dtype.name })
    await this.config.save_pretrained(folder)
  }

  /** @internal */
  protected static async load<M extends RobertaPreTrainedModel<never, unknown>>(
    make: (config: RobertaConfig, options: InternalOptions) => M,
    folder: string,
    options: FromPretrainedOptions,
  ): Promise<M> {
    const {
      config: given,
      dtype,
      attn_implementation,
      ignore_mismatched_sizes,
      onReport,
      use_safetensors,
      variant,
      ...fields
    } = options
    const config = given ?? (await RobertaConfig.from_pretrained(folder, fields))
    const weights = await openWeights(folder, { use_safetensors, variant })
    const target = loadedDType(dtype, config, weights)
    const model = make(config, { attn_implementation, [emptyWeights]: true })
    const ignored = config.tie_word_embeddings ? [...keyRules.ignored, ...tiedKeys] : keyRules.ignored
    const info = assignWeights(
      model.#parameters,
      weights,
      { ...keyRules, ignored },
      { ignore_mismatched_sizes, dtype: target },
    )
    const fresh = [...info.missing_keys, ...info.mismatched_keys.map(({ key }) => key)]
    if (fresh.length > 0) native.modelInitialize(model.#native, fresh)
    if (target !== float32) model.to({ dtype: target }) // those that were drawn anew
    const text = describeLoading(info, model.constructor.name, folder)
    if (onReport) onReport(info, text)
    else if (text !== '') process.emitWarning(text, { code: 'ROBERTORCH_WEIGHTS' })
    return model.eval()
  }
}

/** transformers RobertaModel: the encoder, with a pooler over the first token unless `add_pooling_layer` is false. */
export class RobertaModel extends RobertaPreTrainedModel<ModelInputs, BaseModelOutput> {
  constructor(config: RobertaConfig, options: ModelOptions & { add_pooling_layer?: boolean } = {}) {
    super(options.add_pooling_layer === false ? 'none' : 'pooler', config, options)
  }

  /**
   * Loads a folder that `save_pretrained` wrote, here or in Python, in any form of weights (safetensors, `.bin`, shards),
   * a single file with its `config.json` beside it, or a folder of fairseq. The model is in evaluation mode.
   *
   * @throws ConfigError, CheckpointError naming file, tensor and rule.
   */
  static from_pretrained(
    folder: string,
    options: FromPretrainedOptions & { add_pooling_layer?: boolean } = {},
  ): Promise<RobertaModel> {
    const { add_pooling_layer, ...rest } = options
    return RobertaModel.load(
      (config, internal) => new RobertaModel(config, { ...internal, add_pooling_layer }),
      folder,
      rest,
    )
  }
}

/** transformers RobertaForMaskedLM: predicts the tokens behind `<mask>`. */
export class RobertaForMaskedLM extends RobertaPreTrainedModel<LabelledInputs, MaskedLMOutput> {
  constructor(config: RobertaConfig, options: ModelOptions = {}) {
    super('masked-lm', config, options)
  }

  /** See {@link RobertaModel.from_pretrained}. */
  static from_pretrained(folder: string, options: FromPretrainedOptions = {}): Promise<RobertaForMaskedLM> {
    return RobertaForMaskedLM.load(
      (config, internal) => new RobertaForMaskedLM(config, internal),
      folder,
      options,
    )
  }
}

/** transformers RobertaForSequenceClassification: labels or scores for whole texts. */
export class RobertaForSequenceClassification extends RobertaPreTrainedModel<
  LabelledInputs,
  SequenceClassifierOutput
> {
  constructor(config: RobertaConfig, options: ModelOptions = {}) {
    super('sequence-classification', config, options)
  }

  /** See {@link RobertaModel.from_pretrained}. A base checkpoint gets a new head, which the report names. */
  static from_pretrained(
    folder: string,
    options: FromPretrainedOptions = {},
  ): Promise<RobertaForSequenceClassification> {
    return RobertaForSequenceClassification.load(
      (config, internal) => new RobertaForSequenceClassification(config, internal),
      folder,
      options,
    )
  }
}
