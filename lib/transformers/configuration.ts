/** config.json: every field is kept, those that a class knows get types and defaults. */

import { existsSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { writeAtomically } from '../atomic-write.js'
import { CheckpointError, ConfigError } from '../errors.js'
import { fairseqConfig, isFairseqFolder } from './checkpoint/fairseq/index.js'
import { makeFolder, requireFolder } from './folder.js'
import { readJsonObject } from './json-file.js'

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue }

/** Fields that every configuration has; `config.json`'s names. */
export interface PretrainedFields {
  architectures: string[] | null
  /** Labels by index. */
  id2label: Record<number, string>
  label2id: Record<string, number>
  problem_type: 'regression' | 'single_label_classification' | 'multi_label_classification' | null
  tie_word_embeddings: boolean
  bos_token_id: number | null
  eos_token_id: number | null
  /** A token sees those before it only; with `add_cross_attention` also the states of an encoder. */
  is_decoder: boolean
  add_cross_attention: boolean
  /** Tokens that pass the feed-forward part at a time, to save memory; 0 for all. */
  chunk_size_feed_forward: number
  /** Heads by layer that attention no longer has, by their first numbers; see `prune_heads`. */
  pruned_heads: Record<number, number[]>
  output_hidden_states: boolean
  output_attentions: boolean
}

/** What a configuration can be made from: its fields, and `num_labels` as a short form of `id2label`. */
export type ConfigInput<Fields> = Partial<Fields & PretrainedFields> & {
  num_labels?: number
  [field: string]: unknown
}

/**
 * transformers PretrainedConfig. Fields are properties under the names of `config.json`; unknown ones are kept and
 * written back.
 */
export abstract class PretrainedConfig {
  declare architectures: PretrainedFields['architectures']
  declare id2label: PretrainedFields['id2label']
  declare label2id: PretrainedFields['label2id']
  declare problem_type: PretrainedFields['problem_type']
  declare tie_word_embeddings: boolean
  declare is_decoder: boolean
  declare add_cross_attention: boolean
  declare chunk_size_feed_forward: number
  declare pruned_heads: PretrainedFields['pruned_heads']
  declare output_hidden_states: boolean
  declare output_attentions: boolean

  /** `roberta`, `bert`, … */
  abstract readonly model_type: string

  protected constructor(defaults: object, input: object) {
    const { num_labels, model_type: _, ...given } = input as Record<string, unknown>
    refuseNulls(defaults, given)
    Object.assign(this, generalDefaults(), defaults, plainCopy(given))
    if (typeof this.id2label !== 'object' || this.id2label === null) {
      throw new ConfigError(`id2label must be an object of names by index, is ${this.id2label}`)
    }
    this.id2label = Object.fromEntries(
      Object.entries(this.id2label).map(([id, label]) => [Number(id), String(label)]),
    )
    if (num_labels !== undefined && num_labels !== this.num_labels) this.num_labels = num_labels as number
    else if (!('label2id' in given)) this.label2id = invert(this.id2label)
  }

  /** Number of labels; assigning makes names LABEL_0, LABEL_1, … */
  get num_labels(): number {
    return Object.keys(this.id2label).length
  }

  set num_labels(count: number) {
    if (!Number.isInteger(count) || count < 1)
      throw new ConfigError(`num_labels must be a whole number above 0, is ${count}`)
    this.id2label = Object.fromEntries(Array.from({ length: count }, (_, i) => [i, `LABEL_${i}`]))
    this.label2id = invert(this.id2label)
  }

  /** All fields as plain data; equal defaults that Python leaves out of the file are left out when `diff`. */
  to_dict(options: { diff?: boolean } = {}): Record<string, JsonValue> {
    const defaults: Record<string, unknown> = options.diff ? { ...generalDefaults() } : {}
    const fields = Object.entries(this).filter(
      ([key, value]) => value !== undefined && !(key in defaults && same(value, defaults[key])),
    )
    if (options.diff && this.num_labels === 2 && same(this.id2label, generalDefaults().id2label)) {
      // Python writes no label names for the default two.
      return sorted(
        Object.fromEntries(fields.filter(([key]) => key !== 'id2label' && key !== 'label2id')),
        this.model_type,
      )
    }
    return sorted(Object.fromEntries(fields), this.model_type)
  }

  /**
   * Writes `config.json` into a folder, which is made when missing.
   *
   * @throws CheckpointError when it cannot be written; a `config.json` that was there is unchanged then.
   */
  async save_pretrained(folder: string): Promise<void> {
    await makeFolder(folder)
    const text = `${JSON.stringify(this.to_dict({ diff: true }), null, 2)}\n`
    const path = join(folder, 'config.json')
    try {
      await writeAtomically(path, (temporary) => writeFile(temporary, text))
    } catch (error) {
      throw new CheckpointError(`${path} cannot be written: ${(error as Error).message}`, { cause: error })
    }
  }
}

const generalDefaults = (): PretrainedFields => ({
  architectures: null,
  id2label: { 0: 'LABEL_0', 1: 'LABEL_1' },
  label2id: { LABEL_0: 0, LABEL_1: 1 },
  problem_type: null,
  tie_word_embeddings: true,
  bos_token_id: null,
  eos_token_id: null,
  is_decoder: false,
  add_cross_attention: false,
  chunk_size_feed_forward: 0,
  pruned_heads: {},
  output_hidden_states: false,
  output_attentions: false,
})

// A default would stand in for null, and the model would have another size than its weights.
function refuseNulls(defaults: object, given: Readonly<Record<string, unknown>>): void {
  for (const [field, value] of Object.entries(defaults)) {
    const mayBeAbsent = field === 'bos_token_id' || field === 'eos_token_id'
    if (typeof value === 'number' && given[field] === null && !mayBeAbsent) {
      throw new ConfigError(`${field} must be a number, is null`)
    }
  }
}

function plainCopy(fields: object): object {
  try {
    return structuredClone(fields)
  } catch (error) {
    throw new ConfigError(`a configuration holds plain data only: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

const invert = (id2label: Record<number, string>) =>
  Object.fromEntries(Object.entries(id2label).map(([id, label]) => [label, Number(id)]))
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

function sorted(fields: Record<string, unknown>, model_type: string): Record<string, JsonValue> {
  const all = { ...fields, model_type }
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1))) as Record<
    string,
    JsonValue
  >
}

/**
 * Reads the `config.json` of a folder, or the one beside a weights file; a folder of fairseq tells it from its model.
 *
 * @throws ConfigError when the folder or the file is missing or is no JSON object, ArgumentError for what is no path.
 */
export async function readConfig(folder: string): Promise<Record<string, unknown>> {
  requireFolder(folder)
  const isFile = statSync(folder, { throwIfNoEntry: false })?.isFile() === true
  const path = join(isFile ? dirname(folder) : folder, 'config.json')
  if (!existsSync(path) && isFairseqFolder(folder)) return fairseqConfig(folder)
  const value = await readJsonObject(path)
  if (value) return value
  const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true
  throw new ConfigError(isFolder ? `${folder} has no config.json` : `there is no folder ${folder}`, {
    hint: 'from_pretrained takes a folder written by save_pretrained, here or in Python, or a hub id: org/model',
  })
}
