import { readFileSync } from 'node:fs'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TokenizerError } from '../../../../lib/errors.js'
import { AutoTokenizer } from '../../../../lib/transformers/auto/auto-tokenizer.js'
import { normalizeTweet } from '../../../../lib/transformers/tokenization/bertweet/normalize-tweet.js'
import { BertweetTokenizer } from '../../../../lib/transformers/tokenization/bertweet-tokenizer.js'
import type { GoldenCase } from './golden.js'
import { inputsOf } from './golden.js'

const fixtures = new URL('../../../fixtures/tokenizer/', import.meta.url)
const folder = fileURLToPath(new URL('bertweet', fixtures))
const golden = JSON.parse(gunzipSync(readFileSync(new URL('bertweet.json.gz', fixtures))).toString('utf8'))
const texts: string[] = golden.texts

let temporary: string
beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'bertweet-'))
})
afterAll(() => rm(temporary, { recursive: true }))

const plain = await BertweetTokenizer.from_pretrained(folder)
const tweeted = await BertweetTokenizer.from_pretrained(folder, { normalization: true })

test('texts are rewritten as in Python', () => {
  expect(texts.length).toBeGreaterThan(280)
  for (const [i, text] of texts.entries()) {
    // Python keeps half characters that a text spells as HTML; here they are U+FFFF.
    expect(normalizeTweet(text), text).toBe(golden.normalized[i].replace(/\p{Surrogate}/gu, '\uffff'))
  }
})

test('tokens, ids and decoded texts are Python’s', async () => {
  for (const [i, text] of texts.entries()) expect(await plain.tokenize(text), text).toEqual(golden.tokens[i])
  expect((await tweeted(texts, { verbose: false })).input_ids).toEqual(golden.ids)
  expect(await tweeted.batch_decode(golden.ids)).toEqual(golden.decoded)
  expect(await tweeted.batch_decode(golden.ids, { skip_special_tokens: true })).toEqual(golden.skipped)
})

test('special tokens are Python’s', () => {
  expect(plain.special_tokens_map).toEqual(golden.special_tokens_map)
  expect(plain.get_added_vocab()).toEqual(golden.added_vocab)
  expect(plain.length).toBe(golden.length)
})

test.each(golden.cases as GoldenCase[])('$name', async ({ options, load, inputs, fields }) => {
  const loaded = await BertweetTokenizer.from_pretrained(folder, load)
  const given = inputsOf(texts, inputs, options)
  const batch = given.map((item) => (item.length === 2 ? item : (item[0] ?? ''))) as string[]
  expect({ ...(await loaded.batch_encode_plus(batch, { ...options, verbose: false })) }).toEqual(fields)
})

test('added tokens are found, kept and decoded as in Python', async () => {
  const { tokens, counts, ids, decoded, skipped, added, length, ...rest } = golden.added
  const tokenizer = await BertweetTokenizer.from_pretrained(folder)
  const special = { additional_special_tokens: ['<e1>', '<left>'] }
  expect([tokenizer.add_tokens(tokens), tokenizer.add_special_tokens(special)]).toEqual(counts)
  expect((await tokenizer(rest.texts as string[])).input_ids).toEqual(ids)
  expect(await tokenizer.batch_decode(ids)).toEqual(decoded)
  expect(await tokenizer.batch_decode(ids, { skip_special_tokens: true })).toEqual(skipped)
  expect(tokenizer.get_added_vocab()).toEqual(added)
  expect(tokenizer.length).toBe(length)
})

describe('what a slow tokenizer lacks', () => {
  const text = 'a 😀 wonderful day\n#sunny'

  test('offsets and words of a text that is not rewritten', async () => {
    const encoded = await plain(text, { return_offsets_mapping: true, add_special_tokens: false })
    const pieces = encoded.offset_mapping?.map(([start, end]) => text.slice(start, end))
    expect(pieces).toEqual(encoded.tokens().map((token) => token.replace(/@@$/, '')))
    const words = encoded.word_ids()
    expect(words.filter((word, i) => word !== words[i - 1])).toEqual([0, 1, 2, 3, 4])
  })

  test('none of a text that is rewritten', async () => {
    await expect(tweeted(text, { return_offsets_mapping: true })).rejects.toThrow(TokenizerError)
    const encoded = await tweeted(text)
    expect(() => encoded.word_ids()).toThrow('has no word ids')
  })

  test('words keep their numbers in any case', async () => {
    const encoded = await tweeted(['hello', '@you', 'world'], { is_split_into_words: true })
    const words = encoded.word_ids()
    expect([...new Set(words)]).toEqual([null, 0, 1, 2])
  })

  test('what was cut off comes as rows', async () => {
    const options = { truncation: true, max_length: 8, return_overflowing_tokens: true } as const
    const { input_ids } = await plain(text, options)
    const whole = (await plain(text)).input_ids.slice(1, -1)
    expect(input_ids.flatMap((row) => row.slice(1, -1))).toEqual(whole)
  })
})

describe('folders', () => {
  test('saving and loading again, through AutoTokenizer', async () => {
    const tokenizer = await BertweetTokenizer.from_pretrained(folder, { normalization: true })
    tokenizer.add_tokens(['newtoken', '<e1>'])
    const paths = await tokenizer.save_pretrained(temporary)
    const names = paths.map((path) => path.slice(temporary.length + 1)).sort()
    expect(names).toEqual([
      'added_tokens.json',
      'bpe.codes',
      'special_tokens_map.json',
      'tokenizer_config.json',
      'vocab.txt',
    ])
    const again = await AutoTokenizer.from_pretrained(temporary)
    expect(again).toBeInstanceOf(BertweetTokenizer)
    const sample = ['a newtoken 😀 <e1> @me', ...texts.slice(0, 12)]
    const expected = (await tokenizer(sample)).input_ids
    expect((await again(sample)).input_ids).toEqual(expected)
    expect(again.get_added_vocab()).toEqual(tokenizer.get_added_vocab())
  })

  test('of a tokenizer.json the added tokens count alone, as in Python', async () => {
    const other = join(temporary, 'json')
    await cp(folder, other, { recursive: true })
    const token = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: false }
    const added_tokens = [{ id: 5000, content: '<e1>', ...token }]
    const definition = { model: { type: 'WordLevel', vocab: {}, unk_token: 'x' }, added_tokens }
    await writeFile(join(other, 'tokenizer.json'), JSON.stringify(definition))
    const tokenizer = await AutoTokenizer.from_pretrained(other)
    expect(await tokenizer.tokenize('the<e1> day')).toEqual(['the', '<e1>', 'day'])
    expect(tokenizer.convert_tokens_to_ids('<e1>')).toBe(5000)
  })

  test('missing and damaged files', async () => {
    const other = join(temporary, 'damaged')
    await cp(folder, other, { recursive: true })
    await writeFile(join(other, 'vocab.txt'), 'the 5\nand\n')
    const load = () => BertweetTokenizer.from_pretrained(other)
    await expect(load).rejects.toThrow('vocab.txt: line 2 must be a token and a number, got "and"')
    await rm(join(other, 'bpe.codes'))
    await expect(load).rejects.toThrow('looked for vocab.txt with bpe.codes (bpe.codes is missing)')
  })
})

test('a very long word, and a link without an end', async () => {
  const long = `${'ab'.repeat(50_000)} http://${'.,'.repeat(20_000)}`
  const { input_ids } = await tweeted(long, { truncation: true, max_length: 16 })
  expect(input_ids.length).toBe(16)
})
