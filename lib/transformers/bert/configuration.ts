/** transformers BertConfig. */

import type { ConfigInput } from '../configuration.js'
import { EncoderConfig, type EncoderFields, encoderDefaults } from '../modeling/encoder-configuration.js'

const defaults: EncoderFields = {
  ...encoderDefaults,
  pad_token_id: 0,
  bos_token_id: null,
  eos_token_id: null,
}

/**
 * Configuration of a BERT (the Chinese `roberta-wwm-ext` family is of this kind); names and defaults of transformers
 * BertConfig.
 */
export class BertConfig extends EncoderConfig {
  static override readonly model_type = 'bert'

  constructor(fields: ConfigInput<EncoderFields> = {}) {
    super(defaults, fields)
  }
}
