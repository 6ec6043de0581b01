/** A folder of sentence-transformers: which transformer, and what makes one vector of its tokens' vectors. */

import { join } from 'node:path'

import { ConfigError } from '../../errors.js'
import { isInnerPath, type WantedFiles } from '../../hub/index.js'
import type { Tensor } from '../../torch/tensor.js'
import { readJsonFile, readJsonObject } from '../json-file.js'
import { present } from '../wanted-files.js'
import { layerFiles, readLayer, type SentenceLayer } from './layers.js'
import { type PoolingMode, pool, poolingModesOf } from './pooling.js'
import { type SimilarityName, similarityNames } from './vector-similarity.js'

/** What makes a text's vector. */
export interface SentenceModules {
  readonly pooling: readonly PoolingMode[]
  /** Whether the tokens of a prompt count. */
  readonly include_prompt: boolean
  /** Behind the pooling, in their order. */
  readonly layers: readonly SentenceLayer[]
  /** Tokens of a text, special ones included; undefined: as many as the tokenizer says. */
  readonly max_seq_length: number | undefined
  readonly do_lower_case: boolean
  /** Beginnings of texts by name, for models that were trained with them. */
  readonly prompts: Readonly<Record<string, string>>
  readonly default_prompt_name: string | undefined
  readonly similarity_fn_name: SimilarityName
}

/** A model's folder and what stands behind the model. */
export interface SentenceFolder {
  /** Where in it the transformer lies: `''`, or `0_Transformer`. */
  readonly subfolder: string
  readonly modules: SentenceModules
}

/** Modules for a transformer that has none: its vectors are pooled, and that is all. */
export const poolingOnly = (...pooling: PoolingMode[]): SentenceModules => ({
  pooling,
  include_prompt: true,
  layers: [],
  max_seq_length: undefined,
  do_lower_case: false,
  prompts: {},
  default_prompt_name: undefined,
  similarity_fn_name: 'cosine',
})

interface Entry {
  /** Without the package: `Pooling`. */
  readonly kind: string
  /** Folder in the model's folder. */
  readonly path: string
}

const settingsNames = [
  'sentence_bert_config.json',
  'sentence_roberta_config.json',
  'sentence_camembert_config.json',
  'sentence_xlm-roberta_config.json',
]

/**
 * Reads `modules.json` and what it names; undefined where there is none.
 *
 * @throws ConfigError for modules that are not here, and for damaged files; CheckpointError
 */
export async function readSentenceFolder(folder: string): Promise<SentenceFolder | undefined> {
  const entries = await readEntries(folder)
  if (!entries) return undefined
  const [transformer, pooling, ...others] = entries
  if (transformer?.kind !== 'Transformer' || pooling?.kind !== 'Pooling') {
    throw new ConfigError(`${folder}/modules.json does not begin with Transformer and Pooling`, {
      hint: `it has ${entries.map(({ kind }) => kind).join(', ')}`,
    })
  }
  const where = (entry: Entry) => join(folder, entry.path)
  const config = await requireObject(join(where(pooling), 'config.json'))
  const layers: SentenceLayer[] = []
  for (const entry of others) layers.push(await readLayer(entry.kind, where(entry)))
  return {
    subfolder: transformer.path,
    modules: {
      pooling: poolingModesOf(config, where(pooling)),
      include_prompt: config.include_prompt !== false,
      layers,
      ...(await readSettings(where(transformer))),
      ...(await readPrompts(folder)),
    },
  }
}

async function readEntries(folder: string): Promise<Entry[] | undefined> {
  const path = join(folder, 'modules.json')
  const value = await readJsonFile(path)
  if (value === undefined) return undefined
  const entries = Array.isArray(value) ? (value as { type?: unknown; path?: unknown }[]) : []
  const isWhole = entries.every((entry) => typeof entry?.type === 'string' && typeof entry.path === 'string')
  if (entries.length === 0 || !isWhole) {
    throw new ConfigError(`${path} must hold an array of modules with type and path`)
  }
  return entries.map((entry) => {
    const [type, inner] = [entry.type, entry.path] as [string, string]
    if (inner !== '' && !isInnerPath(inner)) {
      throw new ConfigError(
        `${path} names the folder ${JSON.stringify(inner)}, which is none inside the model's`,
      )
    }
    return { kind: type.split('.').at(-1) as string, path: inner }
  })
}

async function requireObject(path: string): Promise<Record<string, unknown>> {
  const value = await readJsonObject(path)
  if (value) return value
  throw new ConfigError(`there is no ${path}, which modules.json asks for`, {
    hint: 'download or save the model again',
  })
}

async function readSettings(folder: string) {
  for (const name of settingsNames) {
    const settings = await readJsonObject(join(folder, name))
    if (!settings) continue
    const { max_seq_length, do_lower_case } = settings
    return {
      max_seq_length: typeof max_seq_length === 'number' ? max_seq_length : undefined,
      do_lower_case: do_lower_case === true,
    }
  }
  return { max_seq_length: undefined, do_lower_case: false }
}

async function readPrompts(folder: string) {
  const settings = (await readJsonObject(join(folder, promptsName))) ?? {}
  const { prompts, default_prompt_name, similarity_fn_name } = settings
  const named = typeof prompts === 'object' && prompts !== null ? Object.entries(prompts) : []
  return {
    prompts: Object.fromEntries(named.filter(([, prompt]) => typeof prompt === 'string')),
    default_prompt_name: typeof default_prompt_name === 'string' ? default_prompt_name : undefined,
    // Unknown ones are not inherited, as there.
    similarity_fn_name: similarityNames.find((name) => name === similarity_fn_name) ?? 'cosine',
  }
}

const promptsName = 'config_sentence_transformers.json'

/** The files of a folder that `readSentenceFolder` reads. */
export const wantedSentenceModules: WantedFiles = async (has, folder) => {
  if (!(await has('modules.json'))) return []
  const entries = await readEntries(folder)
  if (!entries) return ['modules.json']
  const files = entries.flatMap(({ kind, path }) => {
    const names = kind === 'Transformer' ? settingsNames : layerFiles
    return names.map((name) => (path === '' ? name : `${path}/${name}`))
  })
  return ['modules.json', ...(await present([promptsName, ...files], has))]
}

/**
 * The vectors of texts.
 *
 * @param tokens (batch, tokens, hidden)
 * @param attention_mask (batch, tokens)
 * @param promptTokens tokens of the prompt that all texts begin with, special ones included
 * @returns (batch, features)
 */
export function sentenceEmbeddings(
  { pooling, include_prompt, layers }: SentenceModules,
  tokens: Tensor,
  attention_mask: Tensor,
  promptTokens = 0,
): Tensor {
  const pooled = pool(tokens, attention_mask, pooling, include_prompt ? 0 : promptTokens)
  return layers.reduce((embeddings, layer) => layer(embeddings), pooled)
}
