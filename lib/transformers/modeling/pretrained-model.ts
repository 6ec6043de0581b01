/** What all models share: loading, saving and sharing, as transformers' PreTrainedModel. */

import { ArgumentError } from '../../errors.js'
import { type HubOptions, resolveModelFolder, splitHubOptions } from '../../hub/index.js'
import { type DType, type DTypeLike, float32 } from '../../torch/dtype.js'
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
import { wantedModel } from '../wanted-files.js'
import { baseModelPrefix } from './embedded-model.js'
import type { ConfigClass, EncoderConfig, EncoderFields } from './encoder-configuration.js'
import type { ModelInputs } from './inputs.js'
import { type InternalOptions, type ModelOptions, Network, weightsFrom } from './network.js'
import { openParameters, requireSharedModel, SharedModel, type SharedModelToken } from './shared-model.js'

/** What the report calls the weights, where that is another name than the one they are loaded by. */
export const reportedName = Symbol('reportedName')

export interface LoadingOptions extends ModelOptions, WeightOptions, ConfigInput<EncoderFields> {
  config?: EncoderConfig
  /** Dtype of the weights; 'auto': the configuration's or the file's; default float32, whatever the file holds. */
  dtype?: DTypeLike | 'auto'
  /** Draw parameters anew whose shape differs, instead of refusing. */
  ignore_mismatched_sizes?: boolean
  /** Receives the report of missing and unexpected weights; default a process warning. */
  onReport?: (info: LoadingInfo, text: string) => void
  /** @internal */
  [reportedName]?: string
}

/** Of `from_pretrained`; other names are fields of the configuration. */
export interface FromPretrainedOptions extends LoadingOptions, HubOptions {}

/** Any model of this package. */
export type AnyPreTrainedModel = PreTrainedModel<never, unknown, EncoderConfig>

/** A class of models. */
export interface ModelClass<Model extends AnyPreTrainedModel = AnyPreTrainedModel> {
  new (config: never, options?: ModelOptions): Model
  readonly name: string
  readonly config_class: ConfigClass
}

// Of every family: buffers of old versions.
const ignoredBuffers = /(^|\.)embeddings\.(position_ids|token_type_ids)$/
// Tied to the word embeddings and to the decoder's own bias.
const tiedKeys = /^(lm_head|cls\.predictions)\.decoder\.(weight|bias)$/
const decoderBias = /^(lm_head|cls\.predictions)\.decoder\.bias$/

/** transformers PreTrainedModel. */
export abstract class PreTrainedModel<
  Inputs extends ModelInputs,
  Output,
  Config extends EncoderConfig,
> extends Network<Inputs, Output, Config> {
  /**
   * A handle to post to `worker_threads`, where `fromSharedModel(handle)` or `Class.fromShared(handle)` makes a model over
   * the same weights, without a copy.
   *
   * @param opens how many threads open it
   */
  share(opens = 1): SharedModel {
    const description = {
      model: this.constructor.name,
      config: this.config.to_dict(),
      options: this.options,
      training: this.training,
      beside: this.stateBeside(),
    }
    return new SharedModel(description, this.ownParameters(), opens)
  }

  /**
   * A model over the weights of one of this class that another thread shared; see `share`.
   *
   * @throws ArgumentError for what is no handle of this class, and one that was opened or disposed before.
   */
  static fromShared<Class extends ModelClass>(this: Class, token: SharedModelToken): InstanceType<Class> {
    requireSharedModel(token)
    if (token.model !== this.name) {
      throw new ArgumentError(`the shared model is a ${token.model}, not a ${this.name}`, {
        hint: 'fromSharedModel(handle) finds the class',
      })
    }
    const internal: InternalOptions = { ...token.options, [weightsFrom]: 'elsewhere' }
    const model = new this(new this.config_class(token.config) as never, internal)
    openParameters(model.ownParameters(), token)
    model.takeBeside(token.beside)
    return model.train(token.training) as InstanceType<Class>
  }

  /** What a class keeps besides its weights and configuration, as plain data. */
  protected stateBeside(): Record<string, unknown> {
    return {}
  }

  protected takeBeside(_state: Record<string, unknown>): void {}

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
    await this.saveBeside(folder)
  }

  /** Reads what a class keeps in files of its own. */
  protected async loadBeside(_folder: string): Promise<void> {}

  /** Writes what a class keeps in files of its own. */
  protected async saveBeside(_folder: string): Promise<void> {}

  /**
   * Loads a folder that `save_pretrained` wrote, here or in Python, in any form of weights (safetensors, `.bin`, shards),
   * a single file with its `config.json` beside it, or a folder of fairseq. The model is in evaluation mode. A base
   * checkpoint under a class with a head gets a new head, which the report names.
   *
   * A hub id (`FacebookAI/roberta-base`) stands for the folder of that model in the cache that Python uses, too:
   * configuration and weights are downloaded when they are not there.
   *
   * @param name a path, or a hub id where no such path exists
   * @throws ConfigError, CheckpointError naming file, tensor and rule, HubError.
   */
  static async from_pretrained<Class extends ModelClass>(
    this: Class,
    name: string,
    options: FromPretrainedOptions = {},
  ): Promise<InstanceType<Class>> {
    const [hub, others] = splitHubOptions<LoadingOptions>(options)
    const {
      config: given,
      dtype,
      attn_implementation,
      add_pooling_layer,
      ignore_mismatched_sizes,
      onReport,
      use_safetensors,
      variant,
      [reportedName]: shownName = name,
      ...fields
    } = others
    const files = wantedModel({ use_safetensors, variant }, given === undefined)
    const folder = await resolveModelFolder(name, hub, files)
    const config = given ?? (await this.config_class.from_pretrained(folder, fields))
    const weights = await openWeights(folder, { use_safetensors, variant })
    const target = loadedDType(dtype, config, weights)
    const internal: InternalOptions = { attn_implementation, add_pooling_layer, [weightsFrom]: 'elsewhere' }
    const model = new this(config as never, internal)
    const rules: KeyRules = {
      base_model_prefix: baseModelPrefix(config.model_type),
      ignored: [ignoredBuffers, config.tie_word_embeddings ? tiedKeys : decoderBias],
    }
    const info = model.#assign(weights, rules, { ignore_mismatched_sizes, dtype: target })
    if (target !== float32) model.to({ dtype: target }) // those that were drawn anew
    const text = describeLoading(info, this.name, shownName)
    if (onReport) onReport(info, text)
    else if (text !== '') process.emitWarning(text, { code: 'ROBERTORCH_WEIGHTS' })
    await model.loadBeside(folder)
    return model.eval() as InstanceType<Class>
  }

  #assign(
    weights: ReadonlyMap<string, Tensor>,
    rules: KeyRules,
    options: { ignore_mismatched_sizes?: boolean; dtype: DType },
  ): LoadingInfo {
    const info = assignWeights(this.ownParameters(), weights, rules, options)
    this.initializeAnew([...info.missing_keys, ...info.mismatched_keys.map(({ key }) => key)])
    return info
  }
}
