import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { TokenizerError } from '../../../../lib/errors.js'
import { checkCharsmaps } from '../../../../lib/transformers/tokenization/charsmap.js'
import type { TokenizerDefinition } from '../../../../lib/transformers/tokenization/definition.js'
import {
  PieceType,
  readSentencePieceModel,
} from '../../../../lib/transformers/tokenization/sentencepiece-model.js'
import { XLMRobertaTokenizer } from '../../../../lib/transformers/tokenization/unigram-tokenizers.js'
import { FAMILIES } from './golden.js'

const FILE = 'sentencepiece.bpe.model'
const bytes = readFileSync(join(FAMILIES['xlm-roberta'].folder, FILE))

/** Numbers below a limit that are the same in every run. */
function generator(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

/** A message with one field: tag, length or value, content. */
const field = (number: number, wireType: number, ...content: number[]) => [
  (number << 3) | wireType,
  ...(wireType === 2 ? [content.length] : []),
  ...content,
]
const ascii = (text: string) => [...Buffer.from(text)]

describe('readSentencePieceModel', () => {
  test('reads pieces, scores, kinds and the table of characters', () => {
    const model = readSentencePieceModel(bytes, FILE)
    expect(model.pieces).toHaveLength(1500)
    expect(model.pieces.slice(0, 4)).toEqual([
      { piece: '<unk>', score: 0, type: PieceType.unknown },
      { piece: '<s>', score: 0, type: PieceType.control },
      { piece: '</s>', score: 0, type: PieceType.control },
      { piece: '<user>', score: 0, type: PieceType.userDefined },
    ])
    expect(model.pieces[4]?.score).toBeLessThan(0)
    expect([model.modelType, model.byteFallback]).toEqual([1, false])
    expect(model.charsmap.length).toBeGreaterThan(200_000)
  })

  test('fields that it does not know are skipped, defaults are those of the format', () => {
    const piece = [...field(1, 2, ...ascii('a')), ...field(9, 0, 5), ...field(200 >> 4, 5, 1, 2, 3, 4)]
    const trainer = [...field(3, 0, 2), 0x98, 0x02, 1] // field 35 is byte_fallback
    const model = readSentencePieceModel(
      Uint8Array.from([
        ...field(1, 2, ...piece),
        ...field(2, 2, ...trainer),
        ...field(5, 1, 1, 2, 3, 4, 5, 6, 7, 8),
      ]),
      FILE,
    )
    expect(model.pieces).toEqual([{ piece: 'a', score: 0, type: PieceType.normal }])
    expect([model.modelType, model.byteFallback, model.charsmap.length]).toEqual([2, true, 0])
  })

  test.each([
    ['nothing', [], 'it has no pieces'],
    ['a length beyond the end', [0x0a, 0x7f, 1], 'premature EOF'],
    ['a length of four gigabytes', [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f], 'premature EOF'],
    ['a number without end', [0x0a, ...Array(12).fill(0xff)], 'is no SentencePiece model'],
    ['a score cut off', field(1, 2, 0x15, 0, 0), 'is no SentencePiece model'],
    ['a piece that is no UTF-8', field(1, 2, ...field(1, 2, 0xff)), 'is no SentencePiece model'],
    ['a piece that is a number', field(1, 0, 3), 'field 1 has wire type 0, not 2'],
    ['a text', ascii('{"version": "1.0"}'), 'is no SentencePiece model'],
  ])('%s', (_, content, message) => {
    const read = () => readSentencePieceModel(Uint8Array.from(content), FILE)
    expect(read).toThrow(TokenizerError)
    expect(read).toThrow(message)
  })

  test('cut off or with changed bytes it is read or refused, and nothing else', () => {
    const random = generator(5)
    let refused = 0
    for (let round = 0; round < 400; round++) {
      const damaged = Buffer.from(bytes.subarray(0, round % 2 ? bytes.length : random(bytes.length)))
      for (let i = 0; i < 3 && round % 2; i++) damaged[random(26_000)] = random(256)
      try {
        readSentencePieceModel(damaged, FILE)
      } catch (error) {
        expect(error).toBeInstanceOf(TokenizerError)
        refused++
      }
    }
    expect(refused).toBeGreaterThan(100)
  })
})

describe('the table of characters', () => {
  const charsmap = Buffer.from(readSentencePieceModel(bytes, FILE).charsmap)
  const check = (precompiled_charsmap: unknown, nested = true) => {
    const part = { type: 'Precompiled', precompiled_charsmap }
    const normalizer = nested ? { type: 'Sequence', normalizers: [part] } : part
    checkCharsmaps({ normalizer } as Partial<TokenizerDefinition> as TokenizerDefinition, 'x')
  }

  test('a good one passes', () => {
    expect(() => check(charsmap.toString('base64'))).not.toThrow()
    expect(() => check(charsmap.toString('base64'), false)).not.toThrow()
  })

  test.each([
    ['missing', undefined, 'it is no base64'],
    ['no base64', '%%%', 'it is no base64'],
    ['empty', '', 'it ends before its trie'],
    ['cut off', charsmap.subarray(0, 5000).toString('base64'), 'does not fit'],
    ['without replacements', charsmap.subarray(0, 4 + charsmap.readUInt32LE()).toString('base64'), 'is none'],
  ])('%s', (_, table, message) => {
    expect(() => check(table)).toThrow(TokenizerError)
    expect(() => check(table)).toThrow(message)
  })

  test('with changed bytes it is refused or harmless: what would end the process never reaches the library', async () => {
    const random = generator(11)
    const folder = await mkdtemp(join(tmpdir(), 'tokenizer-'))
    const texts = Array.from({ length: 40 }, () =>
      String.fromCodePoint(
        ...Array.from({ length: 20 }, () => [random(128), 0xff00 + random(200)][random(2)] ?? 0),
      ),
    )
    let refused = 0
    for (let round = 0; round < 30; round++) {
      const damaged = Buffer.from(bytes)
      const start = bytes.length - charsmap.length
      damaged[start + random(charsmap.length)] = random(256)
      await writeFile(join(folder, FILE), damaged)
      try {
        const tokenizer = await XLMRobertaTokenizer.from_pretrained(folder)
        await tokenizer(texts, { verbose: false })
      } catch (error) {
        expect(error).toBeInstanceOf(TokenizerError)
        refused++
      }
    }
    await rm(folder, { recursive: true })
    expect(refused).toBeGreaterThan(5)
  })
})

describe('models of other kinds', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tokenizer-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  test('words are refused', async () => {
    const words = [...field(1, 2, ...field(1, 2, 97)), ...field(2, 2, ...field(3, 0, 3))]
    await writeFile(join(folder, FILE), Uint8Array.from(words))
    await expect(XLMRobertaTokenizer.from_pretrained(folder)).rejects.toThrow(
      'holds a model of type 3; there are unigram, type 1, and BPE, type 2',
    )
  })

  test('bytes for unknown characters: Python’s warning', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    const fallback = Uint8Array.from([...bytes, ...field(2, 2, 0x98, 0x02, 1)])
    await writeFile(join(folder, FILE), fallback)
    await XLMRobertaTokenizer.from_pretrained(folder)
    expect(warn).toHaveBeenCalledOnce()
    warn.mockRestore()
  })
})
