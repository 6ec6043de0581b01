/** transformers AutoConfig: the configuration class that `config.json` asks for. */

import { ConfigError } from '../../errors.js'
import { type HubOptions, resolveModelFolder, splitHubOptions } from '../../hub/index.js'
import { BertConfig } from '../bert/configuration.js'
import { CamembertConfig } from '../camembert/configuration.js'
import { type ConfigInput, readConfig } from '../configuration.js'
import {
  type ConfigClass,
  type EncoderConfig,
  type EncoderFields,
  withOverrides,
} from '../modeling/encoder-configuration.js'
import { RobertaConfig } from '../roberta/configuration.js'
import { wantedConfig } from '../wanted-files.js'
import { XLMRobertaConfig } from '../xlm-roberta/configuration.js'

const classes: readonly ConfigClass[] = [RobertaConfig, XLMRobertaConfig, CamembertConfig, BertConfig]

/** The class of a `model_type`. @throws ConfigError naming the known ones. */
function classOf(model_type: unknown, where: string): ConfigClass {
  const found = classes.find((type) => type.model_type === model_type)
  if (found) return found
  throw new ConfigError(
    model_type === undefined
      ? `${where} has no model_type`
      : `${where}: model_type '${model_type}' is not known`,
    { hint: `known are ${classes.map((type) => type.model_type).join(', ')}` },
  )
}

export const AutoConfig = {
  /**
   * Reads the `config.json` of a folder or of a model on the hub into the class of its `model_type`.
   *
   * @param name a folder or a hub id
   * @param options fields that go before those of the file, and where to look
   * @throws ConfigError when it is missing, no JSON, or of a model type that this package does not have; HubError.
   */
  async from_pretrained(
    name: string,
    options: ConfigInput<EncoderFields> & HubOptions = {},
  ): Promise<EncoderConfig> {
    const [hub, overrides] = splitHubOptions<ConfigInput<EncoderFields>>(options)
    const folder = await resolveModelFolder(name, hub, wantedConfig)
    const fields = await readConfig(folder)
    return new (classOf(fields.model_type, `${folder}/config.json`))(withOverrides(fields, overrides))
  },

  /** A new configuration of a model type, as AutoConfig.for_model in Python. */
  for_model(model_type: string, fields: ConfigInput<EncoderFields> = {}): EncoderConfig {
    return new (classOf(model_type, 'for_model'))(fields)
  },
}
