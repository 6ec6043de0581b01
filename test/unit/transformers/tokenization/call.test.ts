import { describe, expect, test } from 'vitest'
import { IndexError } from '../../../../lib/errors.js'
import { RobertaTokenizer } from '../../../../lib/transformers/tokenization/roberta-tokenizer.js'
import { SMALL } from './golden.js'

const tokenizer = await RobertaTokenizer.from_pretrained(SMALL)
const LONG = 'To be, or not to be, that is the question: whether nobler in the mind to suffer'

describe('ways to call', () => {
  test('the tokenizer is a function and an object', async () => {
    expect(typeof tokenizer).toBe('function')
    expect(tokenizer).toBeInstanceOf(RobertaTokenizer)
    const ids: number[] = (await tokenizer('a')).input_ids
    const rows: number[][] = (await tokenizer(['a'])).input_ids
    expect(rows).toEqual([ids])
  })

  test('all entrances agree', async () => {
    const { input_ids } = await tokenizer('one two', 'three')
    expect((await tokenizer('one two', { text_pair: 'three' })).input_ids).toEqual(input_ids)
    expect((await tokenizer.encode_plus('one two', 'three')).input_ids).toEqual(input_ids)
    expect(await tokenizer.encode('one two', 'three', {})).toEqual(input_ids)
    expect((await tokenizer.batch_encode_plus([['one two', 'three']])).input_ids).toEqual([input_ids])
    expect((await tokenizer(['one two'], ['three'])).input_ids).toEqual([input_ids])
  })

  test('an empty second text is none for one text, as in Python', async () => {
    expect((await tokenizer('a', '')).input_ids).toEqual((await tokenizer('a')).input_ids)
    const { bos_token_id: s, eos_token_id: e } = tokenizer
    expect((await tokenizer([''], [''])).input_ids).toEqual([[s, e, e, e]])
  })

  test('the empty text and 100,000 characters', async () => {
    expect((await tokenizer('')).input_ids).toEqual([tokenizer.bos_token_id, tokenizer.eos_token_id])
    const text = 'word '.repeat(20_000)
    const { input_ids } = await tokenizer(text, { truncation: true })
    expect(input_ids).toHaveLength(512)
    expect(
      await tokenizer.decode(await tokenizer.encode(text, { verbose: false }), { skip_special_tokens: true }),
    ).toBe(text)
  })

  test('split words need a prefix space', async () => {
    await expect(tokenizer(['a'], { is_split_into_words: true })).rejects.toThrow('add_prefix_space: true')
    const prefixed = await RobertaTokenizer.from_pretrained(SMALL, { add_prefix_space: true })
    const words: number[] = (await prefixed(['to', 'be'], { is_split_into_words: true })).input_ids
    expect(words).toEqual((await prefixed('to be')).input_ids)
    expect((await prefixed([], { is_split_into_words: true })).input_ids).toEqual([0, 2])
  })
})

describe('shapes of the answer', () => {
  const texts = ['one', 'two words more']

  test('typed arrays', async () => {
    const encoded = await tokenizer(texts, {
      padding: true,
      return_tensors: 'np',
      return_offsets_mapping: true,
      return_length: true,
    })
    const plain = await tokenizer(texts, { padding: true, return_offsets_mapping: true })
    const columns = plain.input_ids[0]?.length
    expect(encoded.input_ids.shape).toEqual([2, columns])
    expect(encoded.input_ids.data).toEqual(BigInt64Array.from(plain.input_ids.flat().map(BigInt)))
    expect(encoded.offset_mapping?.shape).toEqual([2, columns, 2])
    expect(encoded.offset_mapping?.data).toEqual(
      BigInt64Array.from((plain.offset_mapping?.flat(2) ?? []).map(BigInt)),
    )
    expect(encoded.length).toEqual({
      shape: [2],
      data: BigInt64Array.of(BigInt(columns ?? 0), BigInt(columns ?? 0)),
    })
  })

  test('one text as typed array keeps the row axis', async () => {
    const { input_ids } = await tokenizer('one', { return_tensors: 'np' })
    expect(input_ids.shape[0]).toBe(1)
  })

  test('ragged rows cannot be one array', async () => {
    await expect(tokenizer(texts, { return_tensors: 'np' })).rejects.toThrow(
      /input_ids: row 0 has \d+ tokens, row 1/,
    )
  })

  test('only the fields asked for are own properties, so that the answer is a model’s input', async () => {
    expect(Object.keys(await tokenizer('a'))).toEqual(['input_ids', 'attention_mask'])
    expect(Object.keys(await tokenizer('a', { return_attention_mask: false }))).toEqual(['input_ids'])
    const { ...spread } = await tokenizer('a', { return_length: true })
    expect(spread.length).toEqual([spread.input_ids.length])
  })

  test('windows of several texts know where they come from', async () => {
    const encoded = await tokenizer([LONG, 'short'], {
      truncation: true,
      max_length: 10,
      stride: 2,
      return_overflowing_tokens: true,
    })
    const windows = encoded.overflow_to_sample_mapping ?? []
    expect(windows.at(-1)).toBe(1)
    expect(windows.filter((sample) => sample === 0).length).toBeGreaterThan(1)
    expect(encoded.input_ids).toHaveLength(windows.length)
  })

  test('mappings take a row and an index, or the index alone', async () => {
    const encoded = await tokenizer(['😀 to be', 'or not'])
    const token = encoded.char_to_token(0, 3)
    expect(token).not.toBeNull()
    expect(encoded.char_to_token(3)).toBe(token)
    expect(encoded.token_to_chars(token ?? -1)).toEqual({ start: 3, end: 5 })
    expect(encoded.token_to_chars(0, 0)).toBeNull()
    expect(encoded.token_to_word(1, -1)).toBeNull()
    expect(encoded.word_to_chars(1, 0)).toEqual({ start: 0, end: 2 })
    expect(encoded.n_sequences).toBe(1)
    expect(() => encoded.tokens(2)).toThrow(IndexError)
    expect(() => encoded.token_to_word(0, 99)).toThrow('token 99 does not exist: the row has')
  })
})

describe('ids and tokens', () => {
  test('decode takes what callers hold', async () => {
    const ids = await tokenizer.encode(LONG)
    const text = await tokenizer.decode(ids, { skip_special_tokens: true })
    expect(text).toBe(LONG)
    expect(await tokenizer.decode(BigInt64Array.from(ids.map(BigInt)), { skip_special_tokens: true })).toBe(
      text,
    )
    expect(await tokenizer.decode(tokenizer.mask_token_id)).toBe('<mask>')
    expect(await tokenizer.decode([])).toBe('')
    expect(
      await tokenizer.decode(await tokenizer.encode('it is , so'), { clean_up_tokenization_spaces: true }),
    ).toBe('<s>it is, so</s>')
  })

  test('convert both ways', async () => {
    const ids = await tokenizer.encode('to be <mask>')
    const tokens = tokenizer.convert_ids_to_tokens(ids)
    expect(tokens.at(0)).toBe('<s>')
    expect(tokenizer.convert_tokens_to_ids(tokens)).toEqual(ids)
    expect(tokenizer.convert_ids_to_tokens(ids, { skip_special_tokens: true })).toHaveLength(ids.length - 3)
    expect(tokenizer.convert_tokens_to_ids('no such token')).toBe(tokenizer.unk_token_id)
    expect(tokenizer.convert_ids_to_tokens(0)).toBe('<s>')
    expect(tokenizer.convert_tokens_to_string(tokens.slice(1, 3))).toBe('to be')
    expect(tokenizer.get_vocab()['<mask>']).toBe(tokenizer.mask_token_id)
  })

  test('special tokens to add', () => {
    expect([tokenizer.num_special_tokens_to_add(), tokenizer.num_special_tokens_to_add(true)]).toEqual([2, 4])
  })
})

describe('concurrent calls', () => {
  test('with different options do not disturb each other', async () => {
    const options = [
      {},
      { truncation: true, max_length: 5 },
      { padding: 'max_length', max_length: 64 },
      { truncation: true, max_length: 8, stride: 3, return_overflowing_tokens: true },
      { add_special_tokens: false },
      { padding: 'max_length', max_length: 40, padding_side: 'left' },
    ] as const
    const alone = []
    for (const option of options) alone.push({ ...(await tokenizer([LONG, 'x'], option)) })
    const rounds = Array.from({ length: 50 }, () => options.map((option) => tokenizer([LONG, 'x'], option)))
    for (const round of rounds) {
      expect((await Promise.all(round)).map((encoded) => ({ ...encoded }))).toEqual(alone)
    }
  })
})
