/** transformers AutoTokenizer: the tokenizer class that a folder asks for. */

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { TokenizerError } from '../../errors.js'
import { type HubOptions, resolveModelFolder, splitHubOptions, type WantedFiles } from '../../hub/index.js'
import { BertTokenizer } from '../tokenization/bert-tokenizer.js'
import { BertweetTokenizer } from '../tokenization/bertweet-tokenizer.js'
import { PreTrainedTokenizerFast } from '../tokenization/fast-tokenizer.js'
import { loadParts } from '../tokenization/load.js'
import type { PreTrainedTokenizer, TokenizerClass } from '../tokenization/pretrained-tokenizer.js'
import { RobertaTokenizer } from '../tokenization/roberta-tokenizer.js'
import type { LoadTokenizerOptions } from '../tokenization/settings.js'
import { type Json, parseObject } from '../tokenization/tokenizer-folder.js'
import { CamembertTokenizer, XLMRobertaTokenizer } from '../tokenization/unigram-tokenizers.js'
import { present, wantedTokenizer } from '../wanted-files.js'

/** By `model_type`, as `TOKENIZER_MAPPING_NAMES` of Transformers. */
const byModelType: Readonly<Record<string, TokenizerClass<PreTrainedTokenizer>>> = {
  roberta: RobertaTokenizer,
  'xlm-roberta': XLMRobertaTokenizer,
  camembert: CamembertTokenizer,
  bert: BertTokenizer,
  bertweet: BertweetTokenizer,
}

const classes = [...Object.values(byModelType), PreTrainedTokenizerFast]

const plainName = (name: string) => name.replace(/Fast$/, '')

async function readJson(folder: string, name: string): Promise<Json> {
  const path = join(folder, name)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw new TokenizerError(`cannot read ${path}: ${error.message}`, { cause: error })
  })
  return text === undefined ? {} : parseObject(text, path)
}

async function classOf(folder: string): Promise<TokenizerClass<PreTrainedTokenizer>> {
  const named = (await readJson(folder, 'tokenizer_config.json')).tokenizer_class
  const config = named === undefined || named === null ? await readJson(folder, 'config.json') : {}
  const name = named ?? config.tokenizer_class
  if (typeof name === 'string') {
    const found = classes.find(({ family }) => plainName(family.tokenizerClass) === plainName(name))
    if (found) return found
    throw new TokenizerError(`${folder} asks for the tokenizer class ${name}, which is not here`, {
      hint: 'PreTrainedTokenizerFast.from_pretrained(folder) opens every tokenizer.json',
    })
  }
  const { model_type } = config
  const found =
    typeof model_type === 'string' && Object.hasOwn(byModelType, model_type)
      ? byModelType[model_type]
      : undefined
  if (found) return found
  throw new TokenizerError(
    `cannot tell the tokenizer class of ${folder}: tokenizer_config.json names no tokenizer_class, and config.json ` +
      (model_type === undefined ? 'no model_type' : `has the model_type ${JSON.stringify(model_type)}`),
    { hint: `known are ${Object.keys(byModelType).join(', ')}; or call from_pretrained of the class itself` },
  )
}

const wantedFiles: WantedFiles = async (has, folder, list) => {
  const telling = await present(['tokenizer_config.json', 'config.json'], has)
  if (!telling.every((name) => existsSync(join(folder, name)))) return telling
  const { family } = await classOf(folder)
  return [...telling, ...(await wantedTokenizer(family)(has, folder, list))]
}

export const AutoTokenizer = {
  /**
   * Loads a folder or a model on the hub into the class that its tokenizer_config.json names (`tokenizer_class`), otherwise the one of its
   * config.json (`tokenizer_class`, then `model_type`).
   * @param options as for that class
   * @throws TokenizerError for a class that is not here and for damaged files, ArgumentError, HubError
   */
  async from_pretrained(
    name: string,
    options: LoadTokenizerOptions & HubOptions = {},
  ): Promise<PreTrainedTokenizer> {
    const [hub, own] = splitHubOptions<LoadTokenizerOptions>(options)
    const folder = await resolveModelFolder(name, hub, wantedFiles)
    const type = await classOf(folder)
    return new type(await loadParts(type.family, folder, own))
  },
}
