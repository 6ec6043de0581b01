import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { AbortedError, ArgumentError, TokenizerError } from '../../../../lib/errors.js'
import { RobertaTokenizer } from '../../../../lib/transformers/tokenization/roberta-tokenizer.js'
import { trainBpe } from '../../../../lib/transformers/tokenization/training/bpe-trainer.js'
import { byteAlphabet, countWords } from '../../../../lib/transformers/tokenization/training/byte-level.js'
import type { TrainingProgress } from '../../../../lib/transformers/tokenization/training/train.js'
import { readGolden, SMALL } from './golden.js'

const { texts, trained } = readGolden()
const train = RobertaTokenizer.train_from_iterator

describe('the trainer', () => {
  const specialTokens = ['<s>']
  const learn = (counts: [string, number][], more: number, minFrequency = 0) => {
    const { tokens, merges } = trainBpe(new Map(counts), {
      vocabSize: 257 + more,
      minFrequency,
      specialTokens,
    })
    return { learned: tokens.slice(257), merges }
  }

  test('ids: special tokens, then the 256 bytes in the order of their characters', () => {
    const { tokens } = trainBpe(new Map(), { vocabSize: 300, minFrequency: 0, specialTokens })
    expect(tokens).toHaveLength(257)
    expect(tokens[0]).toBe('<s>')
    expect(tokens.slice(1)).toEqual([...byteAlphabet()].sort())
    expect(tokens[1]).toBe('!')
    expect(tokens.at(-1)).toBe('\u0143')
  })

  test('merges the most frequent pair, the smaller ids among equals', () => {
    expect(
      learn(
        [
          ['hug', 10],
          ['pug', 5],
          ['pun', 12],
          ['bun', 4],
          ['hugs', 5],
        ],
        3,
      ).merges,
    ).toEqual([
      ['u', 'g'],
      ['u', 'n'],
      ['h', 'ug'],
    ]) // the textbook example of the Transformers course
    expect(
      learn(
        [
          ['ba', 3],
          ['ab', 3],
        ],
        1,
      ).learned,
    ).toEqual(['ab'])
  })

  test('runs of one letter', () => {
    expect(learn([['aaaa', 1]], 2).learned).toEqual(['aa', 'aaaa'])
    expect(learn([['aaaaa', 2]], 9).merges).toEqual([
      ['a', 'a'],
      ['aa', 'a'],
      ['aa', 'aaa'],
    ])
  })

  test('stops at the smallest frequency', () => {
    expect(
      learn(
        [
          ['ab', 3],
          ['cd', 1],
        ],
        10,
        2,
      ).learned,
    ).toEqual(['ab'])
  })

  test('splits words as GPT-2 does', () => {
    const counts = new Map<string, number>()
    countWords("I've  seen 12 things!\n\u0085\ufeffend", counts)
    expect([...counts.keys()]).toEqual([
      'I',
      "'ve",
      ' ',
      ' seen',
      ' 12',
      ' things',
      '!',
      '\n',
      '\u0085',
      '\ufeff',
      'end',
    ])
  })
})

describe('train_from_iterator', () => {
  test.each(trained)(
    'gives what Python trained: vocab_size $vocab_size, min_frequency $min_frequency',
    async ({ vocab_size, min_frequency, tokens, merges }) => {
      const tokenizer = await train(texts, { vocab_size, min_frequency })
      expect(tokenizer.convert_ids_to_tokens(tokens.map((_, id) => id))).toEqual(tokens)
      expect(tokenizer.length).toBe(tokens.length)
      const folder = await mkdtemp(join(tmpdir(), 'tokenizer-'))
      await tokenizer.save_pretrained(folder)
      const saved = readFileSync(join(folder, 'merges.txt'), 'utf8')
      await rm(folder, { recursive: true })
      expect(saved.trimEnd().split('\n').slice(1)).toEqual(merges.map((merge) => merge.join(' ')))
    },
  )

  test('the special tokens come first, and no text is lost', async () => {
    const tokenizer = await train(texts, { vocab_size: 600 })
    expect(tokenizer.length).toBe(600)
    expect(tokenizer.convert_ids_to_tokens([0, 1, 2, 3, 4])).toEqual([
      '<s>',
      '<pad>',
      '</s>',
      '<unk>',
      '<mask>',
    ])
    for (const text of texts.slice(60, 200)) {
      const ids = await tokenizer.encode(text, { verbose: false })
      expect(await tokenizer.decode(ids, { skip_special_tokens: true })).toBe(
        text.replaceAll(/ *<mask>/g, ''),
      )
    }
  })

  test('the first tokens of a longer training are the shorter training', async () => {
    const [short, long] = await Promise.all([
      train(texts, { vocab_size: 400 }),
      train(texts, { vocab_size: 700 }),
    ])
    const ids = Array.from({ length: 400 }, (_, id) => id)
    expect(long.convert_ids_to_tokens(ids)).toEqual(short.convert_ids_to_tokens(ids))
  })

  test('takes batches and asynchronous iterables, and reports progress', async () => {
    async function* source() {
      for (let i = 0; i < texts.length; i += 100) yield texts.slice(i, i + 100)
    }
    const seen: TrainingProgress[] = []
    const options = {
      vocab_size: 500,
      model_max_length: 64,
      onProgress: (step: TrainingProgress) => seen.push(step),
    }
    const tokenizer = await train(source(), options)
    const whole = await train(texts, { vocab_size: 500 })
    expect(tokenizer.get_vocab()).toEqual(whole.get_vocab())
    expect(tokenizer.model_max_length).toBe(64)
    expect(seen.at(0)).toMatchObject({ phase: 'reading' })
    expect(seen.at(-1)).toEqual({ phase: 'merging', tokens: 500, vocab_size: 500 })
  })

  test('the event loop goes on', async () => {
    let ticks = 0
    const timer = setInterval(() => ticks++, 1)
    await train(
      Array.from({ length: 40 }, () => texts.map((text) => `${text} ${text}`)),
      { vocab_size: 2000 },
    )
    clearInterval(timer)
    expect(ticks).toBeGreaterThan(5)
  })

  test('a trained tokenizer saves and loads', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tokenizer-'))
    const tokenizer = await train(texts, {
      vocab_size: 300,
      special_tokens: ['<s>', '<pad>', '</s>', '<unk>', '<mask>', '<user>'],
    })
    await tokenizer.save_pretrained(folder)
    const loaded = await RobertaTokenizer.from_pretrained(folder)
    expect(loaded.additional_special_tokens).toEqual(['<user>'])
    expect((await loaded('a <user> <mask>')).input_ids).toEqual(
      (await tokenizer('a <user> <mask>')).input_ids,
    )
    await rm(folder, { recursive: true })
  })

  test('aborting ends it', async () => {
    const controller = new AbortController()
    async function* endless() {
      for (;;) {
        yield texts
        await sleep(1)
      }
    }
    const training = train(endless(), { vocab_size: 5000, signal: controller.signal })
    setTimeout(() => controller.abort(), 50)
    await expect(training).rejects.toThrow(AbortedError)
    await expect(train(texts, { vocab_size: 500, signal: AbortSignal.abort() })).rejects.toThrow(AbortedError)
  })

  test('bad input', async () => {
    await expect(train([])).rejects.toThrow('the iterator gave 0 texts')
    await expect(train(texts, { vocab_size: 200 })).rejects.toThrow(
      'vocab_size must be a whole number from 261 (256 bytes and 5 special tokens) to 2097152, got 200',
    )
    await expect(train(texts, { vocab_size: 300, min_frequency: -1 })).rejects.toThrow(ArgumentError)
    await expect(train(texts, { special_tokens: ['<s>'] })).rejects.toThrow('special_tokens lacks </s>')
    await expect(train(['a', '\ud800'])).rejects.toThrow(TokenizerError)
    await expect(train(['a', '\ud800'])).rejects.toThrow('text 1 has a lone surrogate')
    await expect(Reflect.apply(train, RobertaTokenizer, [['a', 5]])).rejects.toThrow(
      'text 1 must be a string',
    )
    await expect(Reflect.apply(train, RobertaTokenizer, [texts, { vocabSize: 5 }])).rejects.toThrow(
      "'vocabSize'",
    )
    const failing = (function* () {
      yield 'a'
      throw new Error('source failed')
    })()
    await expect(train(failing)).rejects.toThrow('source failed')
  })
})

test('the small tokenizer’s merges give its vocabulary', () => {
  const merges = readFileSync(join(SMALL, 'merges.txt'), 'utf8').trimEnd().split('\n').slice(1)
  const vocabulary = JSON.parse(readFileSync(join(SMALL, 'vocab.json'), 'utf8'))
  for (const merge of merges) expect(vocabulary).toHaveProperty([merge.replace(' ', '')])
})
