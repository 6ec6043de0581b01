import { describe, expect, test } from 'vitest'
import { ArgumentError, IndexError, TokenizerError } from '../../../../lib/errors.js'
import { BertTokenizer } from '../../../../lib/transformers/tokenization/bert-tokenizer.js'
import { BertweetTokenizer } from '../../../../lib/transformers/tokenization/bertweet-tokenizer.js'
import type {
  PreTrainedTokenizer,
  TokenizerClass,
} from '../../../../lib/transformers/tokenization/pretrained-tokenizer.js'
import { RobertaTokenizer } from '../../../../lib/transformers/tokenization/roberta-tokenizer.js'
import { XLMRobertaTokenizer } from '../../../../lib/transformers/tokenization/unigram-tokenizers.js'
import { BERTWEET, FAMILIES, SMALL } from './golden.js'

const tokenizer = await RobertaTokenizer.from_pretrained(SMALL)

/** Calls as plain JavaScript would, past the types. */
const untyped = (callee: unknown) => callee as (...args: unknown[]) => Promise<unknown>
const call = untyped(tokenizer)

describe('texts', () => {
  test.each([
    [[null], 'text must be a string, got null'],
    [[undefined], 'text must be a string, got undefined'],
    [[7], 'text must be a string, got number 7'],
    [[{ a: 1 }], 'text must be a string, got a Object'],
    [[['a', null]], 'text[1] must be a string, got null'],
    [[['a', 3, 'b']], 'text[1] must be a string, got number 3'],
    [[['a', ['b', 7]]], 'text[1][1] must be a string, got number 7'],
    [[['a', ['b', 'c', 'd']]], 'text[1] must be a text or a pair [text, text], got an array of 3'],
    [[[]], 'the batch is empty: 0 texts were given, at least 1 is needed'],
    [['a', 5], 'text_pair must be a string, got number 5'],
    [[['a'], 'b'], 'text_pair must be an array, as text is, got string b'],
    [[['a', 'b'], ['c']], 'text has 2 elements but text_pair has 1'],
    [[['a'], [null]], 'text_pair[0] must be a string, got null'],
  ])('%j', async (args, message) => {
    await expect(call(...args)).rejects.toThrow(ArgumentError)
    await expect(call(...args)).rejects.toThrow(message)
  })

  test('lone surrogates are named, not replaced', async () => {
    await expect(tokenizer('ab\ud83d')).rejects.toThrow(TokenizerError)
    await expect(tokenizer('ab\ud83d')).rejects.toThrow('text has a lone surrogate at index 2')
    await expect(tokenizer(['fine', '😀\ude00'])).rejects.toThrow('text[1] has a lone surrogate at index 2')
  })

  test('NUL is a character as any other', async () => {
    expect(await tokenizer.decode(await tokenizer.encode('a\0b', { add_special_tokens: false }))).toBe('a\0b')
  })

  test('words', async () => {
    const prefixed = untyped(await RobertaTokenizer.from_pretrained(SMALL, { add_prefix_space: true }))
    const split = { is_split_into_words: true }
    await expect(prefixed('a', split)).rejects.toThrow('text must be an array of words')
    await expect(prefixed(['a', 1], split)).rejects.toThrow('text[1] must be a string')
    await expect(prefixed([['a'], ['b', null]], split)).rejects.toThrow(
      'text[1][1] must be a string, got null',
    )
  })
})

describe.each([
  ['BERT', BertTokenizer, FAMILIES.bert.folder],
  ['XLM-R', XLMRobertaTokenizer, FAMILIES['xlm-roberta'].folder],
  ['BERTweet', BertweetTokenizer, BERTWEET],
] as const)('%s', async (_name, type, folder) => {
  const load = type as typeof PreTrainedTokenizer & TokenizerClass<PreTrainedTokenizer>
  const loaded = await load.from_pretrained(folder)

  test('halves of characters, NUL, what is no text, unknown options', async () => {
    await expect(loaded('ab\ud83d')).rejects.toThrow('text has a lone surrogate at index 2')
    await expect(loaded('a', 'ab\ude00')).rejects.toThrow('text_pair has a lone surrogate at index 2')
    await expect(untyped(loaded)(['a', null])).rejects.toThrow('text[1] must be a string, got null')
    await expect(untyped(loaded)('a', { max_len: 5 })).rejects.toThrow("unknown tokenizer option 'max_len'")
    expect((await loaded('a\0b \0')).input_ids.length).toBeGreaterThan(2)
  })
})

describe('much of it', () => {
  const slow = 300_000

  test(
    '10 MB of text',
    async () => {
      const sentence = 'The quick brown fox\njumps. '
      const text = sentence.repeat(Math.ceil(10e6 / sentence.length))
      const { input_ids } = await tokenizer(text, { truncation: true, max_length: 512, return_tensors: 'np' })
      expect(input_ids.shape).toEqual([1, 512])
      const start = await tokenizer(text.slice(0, 5000), { truncation: true, max_length: 512 })
      expect(Array.from(input_ids.data, Number)).toEqual(start.input_ids)
    },
    slow,
  )

  test(
    'a million empty strings',
    async () => {
      const { input_ids } = await tokenizer(Array<string>(1e6).fill(''), { return_tensors: 'np' })
      expect(input_ids.shape).toEqual([1e6, 2])
      expect([...input_ids.data.subarray(-2)].map(Number)).toEqual([
        tokenizer.bos_token_id,
        tokenizer.eos_token_id,
      ])
    },
    slow,
  )

  test(
    'what was tokenized is given back: memory stays flat',
    async () => {
      const texts = Array.from(
        { length: 1000 },
        (_, i) => `${i} The quick brown fox jumps over the lazy dog.`,
      )
      const encode = async (times: number) => {
        for (let i = 0; i < times; i++) await tokenizer(texts, { return_tensors: 'np', padding: true })
        return process.memoryUsage().rss
      }
      const before = await encode(40)
      const after = await encode(80)
      expect(after - before).toBeLessThan(100e6)
    },
    slow,
  )
})

describe('options', () => {
  test.each([
    [{ max_len: 5 }, "unknown tokenizer option 'max_len'"],
    [{ max_length: -1 }, "tokenizer option 'max_length' must be a whole number of tokens, 0 or more, got -1"],
    [{ max_length: 2.5 }, "tokenizer option 'max_length' must be a whole number"],
    [{ max_length: '5' }, 'got "5"'],
    [
      { padding: 'longer' },
      '\'padding\' must be true, false, "longest", "max_length", "do_not_pad", got "longer"',
    ],
    [{ truncation: 'first' }, "'truncation' must be"],
    [{ return_tensors: 'tf' }, '\'return_tensors\' must be "pt", "np", got "tf"'],
    [{ padding_side: 'top' }, "'padding_side' must be"],
    [{ pad_to_multiple_of: 0 }, "'pad_to_multiple_of' must be a whole number of tokens, 1 or more, got 0"],
    [{ add_special_tokens: 1 }, "'add_special_tokens' must be true or false, got 1"],
    [{ truncation: true, max_length: 1 }, 'max_length is 1 but special tokens alone take 2'],
    [{ truncation: true, max_length: 4, stride: 3 }, 'stride is 3 but max_length 4 leaves 2 tokens'],
    [{ truncation: true, max_length: 4, stride: 2 }, 'stride is 2 but windows hold only 2 tokens'],
    [{ truncation: 'only_second', max_length: 4 }, "truncation 'only_second' needs a second text"],
    [
      { truncation: true, padding: true, max_length: 9, pad_to_multiple_of: 8 },
      'truncation length 9 is not a multiple of pad_to_multiple_of 8',
    ],
  ])('%j', async (options, message) => {
    await expect(call('one two three four', options)).rejects.toThrow(ArgumentError)
    await expect(call('one two three four', options)).rejects.toThrow(message)
  })

  test('only_first that cannot remove enough', async () => {
    const pair = tokenizer('a', 'one two three four', { truncation: 'only_first', max_length: 6 })
    await expect(pair).rejects.toThrow(/must remove \d+ tokens but that text has only 1/)
  })

  test('padding without a padding token', async () => {
    const load = untyped(RobertaTokenizer.from_pretrained.bind(RobertaTokenizer))
    const bare = untyped(await load(SMALL, { pad_token: null }))
    await expect(bare(['a', 'b c'], { padding: true })).rejects.toThrow('the tokenizer has no padding token')
  })
})

describe('ids', () => {
  test.each([
    [[0, 2048], IndexError, 'token_ids[1] is 2048, outside the vocabulary of 2048 tokens'],
    [[-1], IndexError, 'token_ids[0] is -1'],
    [[-100], IndexError, '-100 marks ignored labels'],
    [[2 ** 40], IndexError, 'token_ids[0] is 1099511627776'],
    [[1.5], ArgumentError, 'token_ids[0] must be a token id, got 1.5'],
    [['a'], ArgumentError, 'token_ids[0] must be a token id, got a'],
    [[[1]], ArgumentError, 'batch_decode takes several rows'],
    [null, ArgumentError, 'token_ids must be an id or a list of ids, got null'],
  ])('decode %j', async (ids, kind, message) => {
    const decode = () => Reflect.apply(tokenizer.decode, tokenizer, [ids]) as Promise<string>
    await expect(decode()).rejects.toThrow(kind)
    await expect(decode()).rejects.toThrow(message)
  })

  test('a wrong id in a batch names its row', () => {
    expect(() => tokenizer.batch_decode([[0], [5, 9999]])).toThrow('sequences[1][1] is 9999')
    expect(() => tokenizer.convert_ids_to_tokens([9999])).toThrow(IndexError)
  })
})
