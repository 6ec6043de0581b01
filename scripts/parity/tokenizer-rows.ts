/** What a tokenizer answers to many texts for many options: a checksum a text. */

import { crc32 } from 'node:zlib'

import type { BatchEncoding } from '../../lib/transformers/tokenization/batch-encoding.js'
import type { PreTrainedTokenizer } from '../../lib/transformers/tokenization/pretrained-tokenizer.js'
import { casesOf, type Kind, type TokenizerCase, textsInBatch, type tokenizers } from './tokenizer-cases.js'

/** As in the Python module. */
const [mapped, shortText] = [40, 'a few words']

type Given = readonly (string | string[])[]
/** By the name of the case: the texts that went through it, and their sums. */
export type Sums = Map<string, { values: number[]; texts: string[] }>

function given(kind: Kind, batch: readonly string[]): Given[] {
  const next = <T>(items: readonly T[]) => [...items.slice(1), ...items.slice(0, 1)]
  const short = batch.map(() => shortText)
  const words = batch.map((text) => text.split(' '))
  const inputs: Record<Kind, Given[]> = {
    single: [batch],
    pair: [batch, next(batch)],
    'short second': [batch, short],
    'short first': [short, batch],
    words: [words],
    'word pair': [words, next(words)],
  }
  return inputs[kind]
}

const pair = (range: { start: number; end: number } | null) => range && [range.start, range.end]

function mappings(encoded: BatchEncoding, row: number, text: string) {
  const upTo = (count: number) => Array.from({ length: Math.min(mapped, count) }, (_, i) => i)
  const characters = upTo([...text].length)
  const sequences = encoded.sequence_ids(row)
  const found = new Set(encoded.word_ids(row).filter((word, i) => word !== null && sequences[i] === 0))
  const words = [...found]
    .map(Number)
    .sort((a, b) => a - b)
    .slice(0, mapped)
  const tokens = upTo(sequences.length)
  return [
    characters.map((i) => encoded.char_to_token(row, i)),
    characters.map((i) => encoded.char_to_word(row, i)),
    words.map((word) => pair(encoded.word_to_tokens(row, word))),
    words.map((word) => pair(encoded.word_to_chars(row, word))),
    tokens.map((token) => pair(encoded.token_to_chars(row, token))),
    tokens.map((token) => encoded.token_to_word(row, token)),
  ]
}

async function checksums(tokenizer: PreTrainedTokenizer, one: TokenizerCase, batch: readonly string[]) {
  const [first, second] = given(one.kind, batch) as [string[], string[]]
  const encoded: BatchEncoding = await tokenizer(first, second, {
    ...one.options,
    return_offsets_mapping: true,
    offset_unit: 'codepoint',
    verbose: false,
  })
  const { overflow_to_sample_mapping: samples, ...fields } = encoded
  const columns = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))
  const sums = batch.map(() => 0)
  for (const row of encoded.encodings.keys()) {
    const sample = samples === undefined ? row : (samples as number[])[row]
    const content: unknown[] = columns.map(([, rows]) => (rows as unknown[])[row])
    content.push(encoded.word_ids(row), encoded.sequence_ids(row), encoded.tokens(row))
    if (sample === undefined) throw new Error(`row ${row} comes from no text`)
    if (one.mappings) content.push(mappings(encoded, row, batch[sample] ?? ''))
    sums[sample] = crc32(JSON.stringify(content), sums[sample])
  }
  return sums
}

async function decoded(tokenizer: PreTrainedTokenizer, batch: readonly string[]): Promise<number[]> {
  const { input_ids } = await tokenizer(batch, { verbose: false })
  const whole = await tokenizer.batch_decode(input_ids)
  const skipped = await tokenizer.batch_decode(input_ids, { skip_special_tokens: true })
  return whole.map((text, i) => crc32(`${text}\n${skipped[i]}`))
}

/** The sums of one tokenizer, in the form that `tokenizer_rows.py` gives. */
export async function sumsOf(
  { name, type, folder }: (typeof tokenizers)[number],
  texts: string[],
): Promise<Sums> {
  const loaded = new Map<string, Promise<PreTrainedTokenizer>>()
  const load = (one?: TokenizerCase) => {
    const words = one?.kind.includes('word') && name.startsWith('roberta') ? { add_prefix_space: true } : {}
    const options = { ...one?.load, ...words }
    const key = JSON.stringify(options)
    const tokenizer =
      loaded.get(key) ?? (type.from_pretrained(folder, options) as Promise<PreTrainedTokenizer>)
    loaded.set(key, tokenizer)
    return tokenizer
  }
  const sums: Sums = new Map()
  const add = (name: string, values: number[], batch: string[]) => {
    const entry = sums.get(name) ?? { values: [], texts: [] }
    entry.values.push(...values)
    entry.texts.push(...batch)
    sums.set(name, entry)
  }
  for (let batch = 0; batch * textsInBatch < texts.length; batch++) {
    const part = texts.slice(batch * textsInBatch, (batch + 1) * textsInBatch)
    for (const one of casesOf(batch)) add(one.name, await checksums(await load(one), one, part), part)
    add('decoded', await decoded(await load(), part), part)
  }
  return sums
}
