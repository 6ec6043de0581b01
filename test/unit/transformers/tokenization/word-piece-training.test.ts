import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Tokenizer } from 'tokenizers'
import { describe, expect, test } from 'vitest'
import { AbortedError, ArgumentError } from '../../../../lib/errors.js'
import { BertTokenizer } from '../../../../lib/transformers/tokenization/bert-tokenizer.js'
import { trainBpe } from '../../../../lib/transformers/tokenization/training/bpe-trainer.js'
import type { TrainingProgress } from '../../../../lib/transformers/tokenization/training/train.js'
import { FAMILIES, readGolden } from './golden.js'

const { texts } = readGolden()
const file = new URL('../../../fixtures/tokenizer/word-piece.json.gz', import.meta.url)
const golden = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8'))
const markers = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']

const isInside = (token: string) => token.startsWith('##') && [...token].length === 3

const tokensOf = (tokenizer: BertTokenizer) =>
  Object.entries(tokenizer.get_vocab())
    .sort(([, a], [, b]) => a - b)
    .map(([token]) => token)

/** Words as BERT's normalizer and pre-tokenizer make them. */
function countedWords(): [string, number][] {
  const tokenizer = Tokenizer.fromFile(join(FAMILIES.bert.folder, 'tokenizer.json'))
  const counts = new Map<string, number>()
  for (const text of texts) {
    const normalized = tokenizer.getNormalizer()?.normalizeString(text) ?? text
    for (const [word] of tokenizer.getPreTokenizer()?.preTokenizeString(normalized) ?? []) {
      counts.set(word, (counts.get(word) ?? 0) + 1)
    }
  }
  return [...counts]
}

type Scratch = { vocab_size: number; min_frequency: number; limit_alphabet: number; tokens: string[] }

test.each(golden.scratch as Scratch[])(
  'given Python’s order of the characters inside of words, the vocabulary is Python’s: $vocab_size',
  ({ vocab_size, min_frequency, limit_alphabet, tokens }) => {
    const inside = tokens.filter(isInside).map((token) => token.slice(2))
    expect(inside.length).toBeGreaterThan(20)
    // A word that counts nothing, but comes first.
    const words = new Map<string, number>([[`a${inside.join('')}`, 0], ...countedWords()])
    const trained = trainBpe(words, {
      vocabSize: vocab_size,
      minFrequency: min_frequency,
      specialTokens: markers,
      wordPiece: { continuingSubwordPrefix: '##', limitAlphabet: limit_alphabet },
    })
    expect(trained.tokens).toEqual(tokens)
  },
)

describe('train_from_iterator', () => {
  test('makes of the texts what the trainer makes of their words, and reports progress', async () => {
    const seen: TrainingProgress[] = []
    const onProgress = (step: TrainingProgress) => seen.push(step)
    const tokenizer = await BertTokenizer.train_from_iterator([texts.slice(0, 900), texts.slice(900)], {
      vocab_size: 12_000,
      limit_alphabet: 100_000,
      onProgress,
    })
    const { tokens } = trainBpe(new Map(countedWords()), {
      vocabSize: 12_000,
      minFrequency: 2,
      specialTokens: markers,
      wordPiece: { continuingSubwordPrefix: '##' },
    })
    expect(tokensOf(tokenizer)).toEqual(tokens)
    expect(seen.at(0)).toMatchObject({ phase: 'reading' })
    expect(seen.at(-1)).toEqual({ phase: 'merging', tokens: tokens.length, vocab_size: 12_000 })
    const { input_ids } = await tokenizer('The king', 'speaks')
    expect([input_ids.at(0), input_ids.at(-1)]).toEqual([tokenizer.cls_token_id, tokenizer.sep_token_id])
    expect(await tokenizer.decode(input_ids, { skip_special_tokens: true })).toBe('the king speaks')
  })

  test('settings, saving and loading', async () => {
    const options = { vocab_size: 1500, limit_alphabet: 60, do_lower_case: false, model_max_length: 64 }
    const special_tokens = [...markers, '[E1]']
    const tokenizer = await BertTokenizer.train_from_iterator(texts, { ...options, special_tokens })
    expect(tokenizer.length).toBe(1500)
    expect(tokenizer.additional_special_tokens).toEqual(['[E1]'])
    const folder = await mkdtemp(join(tmpdir(), 'tokenizer-'))
    await tokenizer.save_pretrained(folder)
    const loaded = await BertTokenizer.from_pretrained(folder)
    await rm(folder, { recursive: true })
    expect(loaded.model_max_length).toBe(64)
    const sample = ['The King [E1] [MASK]', ...texts.slice(0, 50)]
    expect((await loaded(sample)).input_ids).toEqual((await tokenizer(sample)).input_ids)
    expect(await tokenizer.tokenize('The')).not.toEqual(await tokenizer.tokenize('the'))
  })

  test('aborting, and what does not fit', async () => {
    const train = BertTokenizer.train_from_iterator
    await expect(train(texts, { signal: AbortSignal.abort() })).rejects.toThrow(AbortedError)
    await expect(train(texts, { vocab_size: 5 })).rejects.toThrow('from 6 (a character and 5 special tokens)')
    await expect(train(texts, { special_tokens: ['[UNK]'] })).rejects.toThrow('special_tokens lacks [SEP]')
    await expect(Reflect.apply(train, BertTokenizer, [texts, { limit: 5 }])).rejects.toThrow(ArgumentError)
    await expect(train([])).rejects.toThrow('the iterator gave 0 texts')
  })
})

test('train_new_from_iterator keeps special tokens and settings as Python does', async () => {
  const old = await BertTokenizer.from_pretrained(FAMILIES.bert.folder, { do_lower_case: false })
  const tokenizer = await old.train_new_from_iterator(texts, 11_000, {
    new_special_tokens: ['[E1]'],
    special_tokens_map: { '[MASK]': '[BLANK]' },
  })
  const { tokens, special_tokens_map } = golden.new
  const text: string = golden.new.text
  expect(tokenizer.special_tokens_map).toEqual(special_tokens_map)
  const alphabet = (all: string[]) => all.slice(0, all.findIndex(isInside))
  expect(alphabet(tokensOf(tokenizer))).toEqual(alphabet(tokens))
  expect(tokensOf(tokenizer).filter(isInside).sort()).toEqual((tokens as string[]).filter(isInside).sort())
  expect(tokenizer.length).toBe(tokens.length)
  expect(await tokenizer.decode((await tokenizer(text, 'a pair')).input_ids)).toBe(
    `[CLS] ${text} [SEP] a pair [SEP]`,
  )
})
