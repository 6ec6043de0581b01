/** transformers RobertaConfig. */

import { ConfigError } from '../../errors.js'
import { type ConfigInput, PretrainedConfig, readConfig } from '../configuration.js'

/** The fields of a RoBERTa's `config.json`. */
export interface RobertaFields {
  vocab_size: number
  hidden_size: number
  num_hidden_layers: number
  num_attention_heads: number
  intermediate_size: number
  /** `gelu` (exact), `gelu_pytorch_tanh`, `relu`, `silu` or `tanh`. */
  hidden_act: string
  hidden_dropout_prob: number
  attention_probs_dropout_prob: number
  /** Rows of the position table: the longest input plus `pad_token_id + 1`. */
  max_position_embeddings: number
  type_vocab_size: number
  /** Standard deviation of new weights. */
  initializer_range: number
  layer_norm_eps: number
  pad_token_id: number
  bos_token_id: number
  eos_token_id: number
  position_embedding_type: string
  use_cache: boolean
  /** Dropout of the classification head; null means `hidden_dropout_prob`. */
  classifier_dropout: number | null
}

// Those of Transformers' class, which are BERT's; roberta-base's own file says 514, 1 and 1e-5 for three of them.
const defaults: RobertaFields = {
  vocab_size: 50265,
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

export interface RobertaConfig extends RobertaFields {}

/** Configuration of a RoBERTa; names and defaults of transformers RobertaConfig. */
export class RobertaConfig extends PretrainedConfig {
  override get model_type(): 'roberta' {
    return 'roberta'
  }

  /** @throws ConfigError for a form of RoBERTa that this package does not have. */
  constructor(fields: ConfigInput<RobertaFields> = {}) {
    super(defaults, fields)
    if (this.position_embedding_type !== 'absolute') {
      throw new ConfigError(`position_embedding_type '${this.position_embedding_type}' is not supported`, {
        hint: "only 'absolute' is; no published RoBERTa uses another",
      })
    }
  }

  /**
   * Reads `config.json` from a folder.
   *
   * @throws ConfigError when it is missing, no JSON, or of another model type.
   */
  static async from_pretrained(
    folder: string,
    overrides: ConfigInput<RobertaFields> = {},
  ): Promise<RobertaConfig> {
    const fields = await readConfig(folder)
    if (fields.model_type !== undefined && fields.model_type !== 'roberta') {
      throw new ConfigError(`${folder} holds a model of type '${fields.model_type}', expected 'roberta'`)
    }
    // A new number of labels makes the old names meaningless.
    const { id2label: _, label2id: __, ...rest } = fields
    const kept =
      overrides.num_labels !== undefined && overrides.num_labels !== countLabels(fields) ? rest : fields
    return new RobertaConfig({ ...kept, ...overrides })
  }
}

const countLabels = (fields: Record<string, unknown>) =>
  typeof fields.id2label === 'object' && fields.id2label !== null ? Object.keys(fields.id2label).length : 2
