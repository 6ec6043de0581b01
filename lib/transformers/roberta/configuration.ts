/** transformers RobertaConfig. */

import type { ConfigInput } from '../configuration.js'
import { EncoderConfig, type EncoderFields, encoderDefaults } from '../modeling/encoder-configuration.js'

const defaults: EncoderFields = { ...encoderDefaults, vocab_size: 50265 }

/**
 * Configuration of a RoBERTa; names and defaults of transformers RobertaConfig.
 *
 * roberta-base's own file says 514, 1 and 1e-5 where the defaults of `max_position_embeddings`, `type_vocab_size` and
 * `layer_norm_eps` are BERT's.
 */
export class RobertaConfig extends EncoderConfig {
  static override readonly model_type = 'roberta'

  constructor(fields: ConfigInput<EncoderFields> = {}) {
    super(defaults, fields)
  }
}
