/** transformers XLMRobertaConfig. */

import type { ConfigInput } from '../configuration.js'
import { EncoderConfig, type EncoderFields, encoderDefaults } from '../modeling/encoder-configuration.js'

/** Configuration of an XLM-R; names and defaults of transformers XLMRobertaConfig. */
export class XLMRobertaConfig extends EncoderConfig {
  static override readonly model_type = 'xlm-roberta'

  constructor(fields: ConfigInput<EncoderFields> = {}) {
    super(encoderDefaults, fields)
  }
}
