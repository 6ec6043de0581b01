/** What the configurations of RoBERTa, XLM-R, CamemBERT and BERT share: one encoder serves them all. */

import { ConfigError } from '../../errors.js'
import { type HubOptions, resolveModelFolder, splitHubOptions } from '../../hub/index.js'
import { type ConfigInput, PretrainedConfig, readConfig } from '../configuration.js'
import { wantedConfig } from '../wanted-files.js'

/** The fields of these models' `config.json`. */
export interface EncoderFields {
  vocab_size: number
  hidden_size: number
  num_hidden_layers: number
  num_attention_heads: number
  intermediate_size: number
  /** A name of Transformers' ACT2FN: `gelu` (exact), `gelu_new`, `gelu_pytorch_tanh`, `relu`, `silu`, `tanh`, … */
  hidden_act: string
  hidden_dropout_prob: number
  attention_probs_dropout_prob: number
  /** Rows of the position table; RoBERTa's kinds use the first `pad_token_id + 1` for no token. */
  max_position_embeddings: number
  type_vocab_size: number
  /** Standard deviation of new weights. */
  initializer_range: number
  layer_norm_eps: number
  pad_token_id: number
  bos_token_id: number | null
  eos_token_id: number | null
  /** `absolute`; `relative_key` and `relative_key_query` by distances between tokens, which attention adds. */
  position_embedding_type: string
  use_cache: boolean
  /** Dropout of classification heads; null means `hidden_dropout_prob`. */
  classifier_dropout: number | null
}

/** Defaults of Transformers' classes, which are BERT's; a family's own stand in its class. */
export const encoderDefaults: EncoderFields = {
  vocab_size: 30522,
  hidden_size: 768,
  num_hidden_layers: 12,
  num_attention_heads: 12,
  intermediate_size: 3072,
  hidden_act: 'gelu',
  hidden_dropout_prob: 0.1,
  attention_probs_dropout_prob: 0.1,
  max_position_embeddings: 512,
  type_vocab_size: 2,
  initializer_range: 0.02,
  layer_norm_eps: 1e-12,
  pad_token_id: 1,
  bos_token_id: 0,
  eos_token_id: 2,
  position_embedding_type: 'absolute',
  use_cache: true,
  classifier_dropout: null,
}

export interface EncoderConfig extends EncoderFields {}

/** A class of configurations, as `from_pretrained` needs it. */
export interface ConfigClass<Config extends EncoderConfig = EncoderConfig> {
  new (fields?: ConfigInput<EncoderFields>): Config
  readonly model_type: string
  from_pretrained(name: string, options?: ConfigInput<EncoderFields> & HubOptions): Promise<Config>
}

/** A configuration of the shared encoder; `model_type` tells the family. */
export abstract class EncoderConfig extends PretrainedConfig {
  /** `roberta`, `xlm-roberta`, `camembert` or `bert`. */
  static readonly model_type: string

  override get model_type(): string {
    return (this.constructor as typeof EncoderConfig).model_type
  }

  /**
   * Reads `config.json` from a folder, or of a model on the hub.
   *
   * @param name a folder or a hub id
   * @param options fields that go before those of the file, and where to look
   * @throws ConfigError when it is missing, no JSON, or of another model type; HubError.
   */
  static async from_pretrained<Config extends EncoderConfig>(
    this: ConfigClass<Config>,
    name: string,
    options: ConfigInput<EncoderFields> & HubOptions = {},
  ): Promise<Config> {
    const [hub, overrides] = splitHubOptions<ConfigInput<EncoderFields>>(options)
    const folder = await resolveModelFolder(name, hub, wantedConfig)
    const fields = await readConfig(folder)
    if (fields.model_type !== undefined && fields.model_type !== this.model_type) {
      throw new ConfigError(
        `${folder} holds a model of type '${fields.model_type}', expected '${this.model_type}'`,
        { hint: 'the Auto classes (AutoModel, AutoModelForMaskedLM, …) choose the class by config.json' },
      )
    }
    return new this(withOverrides(fields, overrides))
  }
}

/** Fields of a file with the caller's on top. */
export function withOverrides(
  fields: Record<string, unknown>,
  overrides: ConfigInput<EncoderFields>,
): ConfigInput<EncoderFields> {
  // A new number of labels makes the old names meaningless.
  const { id2label: _, label2id: __, ...rest } = fields
  const kept =
    overrides.num_labels !== undefined && overrides.num_labels !== countLabels(fields) ? rest : fields
  return { ...kept, ...overrides }
}

const countLabels = (fields: Record<string, unknown>) =>
  typeof fields.id2label === 'object' && fields.id2label !== null ? Object.keys(fields.id2label).length : 2
