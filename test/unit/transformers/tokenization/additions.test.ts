import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ArgumentError } from '../../../../lib/errors.js'
import type { AddedToken } from '../../../../lib/transformers/tokenization/added-token.js'
import type { PadInput, PadOptions } from '../../../../lib/transformers/tokenization/pad.js'
import type { PreTrainedTokenizer } from '../../../../lib/transformers/tokenization/pretrained-tokenizer.js'
import { RobertaTokenizer } from '../../../../lib/transformers/tokenization/roberta-tokenizer.js'
import type { LoadTokenizerOptions } from '../../../../lib/transformers/tokenization/settings.js'
import type { TrainNewTokenizerOptions } from '../../../../lib/transformers/tokenization/training/new-tokens.js'
import { FAMILIES, readGolden, SMALL } from './golden.js'

interface Call {
  method: 'add_tokens' | 'add_special_tokens'
  argument: never
  options: object
  count: number
  size: number
  added: Record<number, AddedToken>
  special_tokens_map: object
  ids: number[][]
  offsets: [number, number][][]
  decoded: string[]
}

interface Family {
  limits: [number, number]
  rows: [first: number[], second: number[] | null, ids: number[], types: number[], special: number[]][]
  pads: { options: PadOptions; given: PadInput; padded: object }[]
  calls: Call[]
}

interface Trained {
  load: LoadTokenizerOptions
  vocab_size: number
  options: TrainNewTokenizerOptions
  tokens: string[]
  special_tokens_map: object
  added: Record<number, AddedToken>
  ids: number[][]
}

const path = new URL('../../../fixtures/tokenizer/additions.json', import.meta.url)
const golden: { texts: string[]; families: Record<string, Family>; trained: Trained[] } = JSON.parse(
  readFileSync(path, 'utf8'),
)

const load = {
  roberta: () => RobertaTokenizer.from_pretrained(SMALL, { model_max_length: 64 }),
  bert: () => FAMILIES.bert.type.from_pretrained(FAMILIES.bert.folder, { model_max_length: 64 }),
  'xlm-roberta': () =>
    FAMILIES['xlm-roberta'].type.from_pretrained(FAMILIES['xlm-roberta'].folder, { model_max_length: 64 }),
  camembert: () =>
    FAMILIES.camembert.type.from_pretrained(FAMILIES.camembert.folder, { model_max_length: 64 }),
} satisfies Record<string, () => Promise<PreTrainedTokenizer>>

describe.each(Object.keys(load) as (keyof typeof load)[])('%s as in Python', (name) => {
  const family = golden.families[name] as Family

  test('tokens added one call after the other', async () => {
    const tokenizer: PreTrainedTokenizer = await load[name]()
    expect(family.calls.length).toBeGreaterThan(5)
    for (const {
      method,
      argument,
      options,
      count,
      size,
      added,
      special_tokens_map,
      ...rest
    } of family.calls) {
      const where = `${method} ${JSON.stringify(argument)}`
      expect(tokenizer[method](argument, options), where).toBe(count)
      expect(tokenizer.length, where).toBe(size)
      expect(tokenizer.added_tokens_decoder, where).toEqual(added)
      expect(tokenizer.special_tokens_map, where).toEqual(special_tokens_map)
      const encoded = await tokenizer(golden.texts, { return_offsets_mapping: true })
      expect(encoded.input_ids, where).toEqual(rest.ids)
      expect(encoded.offset_mapping, where).toEqual(rest.offsets)
      expect(await tokenizer.batch_decode(rest.ids, { skip_special_tokens: true })).toEqual(rest.decoded)
    }
  })

  test('added tokens are saved', async () => {
    const tokenizer: PreTrainedTokenizer = await load[name]()
    for (const { method, argument, options } of family.calls) tokenizer[method](argument, options)
    const folder = await mkdtemp(join(tmpdir(), 'tokenizer-'))
    await tokenizer.save_pretrained(folder)
    const type = name === 'roberta' ? RobertaTokenizer : FAMILIES[name].type
    const again: PreTrainedTokenizer = await Reflect.apply(RobertaTokenizer.from_pretrained, type, [folder])
    await rm(folder, { recursive: true })
    expect(again.get_added_vocab()).toEqual(tokenizer.get_added_vocab())
    expect(again.special_tokens_map).toEqual(tokenizer.special_tokens_map)
    expect((await again(golden.texts)).input_ids).toEqual(family.calls.at(-1)?.ids)
  })

  test('rows around ids', async () => {
    const tokenizer: PreTrainedTokenizer = await load[name]()
    expect([tokenizer.max_len_single_sentence, tokenizer.max_len_sentences_pair]).toEqual(family.limits)
    for (const [first, second, ids, types, special] of family.rows) {
      const pair = second ?? undefined
      expect(tokenizer.build_inputs_with_special_tokens(first, pair)).toEqual(ids)
      expect(tokenizer.create_token_type_ids_from_sequences(first, pair)).toEqual(types)
      const whole = { already_has_special_tokens: true }
      expect(tokenizer.get_special_tokens_mask(ids, null, whole)).toEqual(special)
      expect(tokenizer.get_special_tokens_mask(first, pair)).toHaveLength(ids.length)
    }
  })

  test.each(family.pads)('pad $options', async ({ options, given, padded }) => {
    const tokenizer: PreTrainedTokenizer = await load[name]()
    expect({ ...(await tokenizer.pad(given, options)) }).toEqual(padded)
  })
})

describe('pad', async () => {
  const tokenizer = await RobertaTokenizer.from_pretrained(SMALL)

  test('is what a call does', async () => {
    const texts = ['The king', 'Hamlet, prince of Denmark', 'a']
    const rows = await Promise.all(texts.map((text) => tokenizer(text)))
    const whole = await tokenizer(texts, { padding: true })
    expect({ ...(await tokenizer.pad(rows)) }).toEqual({ ...whole })
  })

  test('typed arrays', async () => {
    const encoded = await tokenizer('The king', { return_tensors: 'np' })
    const { input_ids } = await tokenizer.pad(encoded, { padding: 'max_length', max_length: 6 })
    expect(input_ids).toMatchObject({ shape: [1, 6] })
    const labels = await tokenizer.pad(
      [
        { input_ids: [1, 2], labels: 3 },
        { input_ids: [4], labels: 5 },
      ],
      {
        return_tensors: 'np',
      },
    )
    expect({ ...labels }).toMatchObject({ labels: { data: BigInt64Array.of(3n, 5n), shape: [2] } })
  })

  test('what cannot be padded', async () => {
    await expect(tokenizer.pad({ attention_mask: [1] })).rejects.toThrow(
      'pad needs input_ids, and was given attention_mask',
    )
    await expect(tokenizer.pad([])).rejects.toThrow('pad was given 0 rows')
    await expect(tokenizer.pad([{ input_ids: [1], labels: 1 }, { input_ids: [1] }])).rejects.toThrow(
      'row 1 has no labels, which row 0 has',
    )
    const regression = [{ input_ids: [1], labels: 0.5 }]
    await expect(tokenizer.pad(regression, { return_tensors: 'np' })).rejects.toThrow('labels holds 0.5')
    expect(await tokenizer.pad(regression)).toMatchObject({ labels: [0.5] })
    const bare = await RobertaTokenizer.from_pretrained(SMALL, Object({ pad_token: null }))
    await expect(bare.pad({ input_ids: [[1], [1, 2]] })).rejects.toThrow('has no padding token')
  })
})

describe('wrong tokens', async () => {
  const tokenizer = await RobertaTokenizer.from_pretrained(SMALL)
  const untyped: Record<'add_tokens' | 'add_special_tokens', (...args: unknown[]) => unknown> = Object({
    add_tokens: (...args: [never]) => tokenizer.add_tokens(...args),
    add_special_tokens: (...args: [never]) => tokenizer.add_special_tokens(...args),
  })

  test.each([
    ['add_tokens', [['a', 7]], 'new_tokens[1] must be a token'],
    ['add_tokens', [null], 'new_tokens[0] must be a token'],
    ['add_tokens', [['\ud800']], 'new_tokens[0] has a lone surrogate'],
    ['add_tokens', ['a', { special: true }], "unknown tokenizer option 'special'"],
    ['add_special_tokens', [{ padding: '<p>' }], "'padding' is no role of a special token"],
    ['add_special_tokens', [{ pad_token: 3 }], 'pad_token must be a token'],
  ] as const)('%s %j', (method, args, message) => {
    const size = tokenizer.length
    expect(() => untyped[method](...args)).toThrow(message)
    expect(tokenizer.length).toBe(size)
  })

  test('a finished row is one list', () => {
    const mask = () => tokenizer.get_special_tokens_mask([0], [2], { already_has_special_tokens: true })
    expect(mask).toThrow(ArgumentError)
  })
})

describe('train_new_from_iterator', () => {
  const corpus = readGolden().texts.slice(0, 600)

  test.each(golden.trained)('as in Python: $load $options', async (python) => {
    const tokenizer = await RobertaTokenizer.from_pretrained(SMALL, python.load)
    const trained = await tokenizer.train_new_from_iterator(corpus, python.vocab_size, python.options)
    expect(trained.convert_ids_to_tokens(python.tokens.map((_, id) => id))).toEqual(python.tokens)
    expect(trained.length).toBe(python.tokens.length)
    expect(trained.special_tokens_map).toEqual(python.special_tokens_map)
    expect(trained.added_tokens_decoder).toEqual(python.added)
    const texts = [...golden.texts, 'a <mask> <user>', '[MASK] the <x> king']
    expect((await trained(texts)).input_ids).toEqual(python.ids)
    expect(trained.model_max_length).toBe(tokenizer.model_max_length)
  })

  test('leaves the first tokenizer alone, and later tokens of one do not reach the other', async () => {
    const first = await RobertaTokenizer.train_from_iterator(corpus, { vocab_size: 300 })
    const second = await first.train_new_from_iterator(corpus, 280)
    second.add_special_tokens({ mask_token: '<hole>' })
    const third = await RobertaTokenizer.train_from_iterator(corpus, { vocab_size: 280 })
    expect([first.mask_token, second.mask_token, third.mask_token]).toEqual(['<mask>', '<hole>', '<mask>'])
    expect([first.length, second.length]).toEqual([300, 281])
  })

  test('wrong options', async () => {
    const tokenizer = await RobertaTokenizer.from_pretrained(SMALL)
    await expect(tokenizer.train_new_from_iterator(corpus, 100)).rejects.toThrow('vocab_size must be')
    await expect(tokenizer.train_new_from_iterator([], 300)).rejects.toThrow('the iterator gave 0 texts')
    const wrong = Object({ vocab_size: 3 })
    await expect(tokenizer.train_new_from_iterator(corpus, 300, wrong)).rejects.toThrow("'vocab_size'")
  })
})
