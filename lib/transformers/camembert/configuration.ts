/** transformers CamembertConfig. */

import type { ConfigInput } from '../configuration.js'
import { EncoderConfig, type EncoderFields, encoderDefaults } from '../modeling/encoder-configuration.js'

/** Configuration of a CamemBERT; names and defaults of transformers CamembertConfig. */
export class CamembertConfig extends EncoderConfig {
  static override readonly model_type = 'camembert'

  constructor(fields: ConfigInput<EncoderFields> = {}) {
    super(encoderDefaults, fields)
  }
}
