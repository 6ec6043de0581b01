import { describe, expect, test } from 'vitest'
import { RobertaTokenizer } from '../../../../lib/transformers/tokenization/roberta-tokenizer.js'
import { answer, inputsOf, readGolden, SMALL } from './golden.js'

const golden = readGolden()

describe('every golden text', async () => {
  const tokenizer = await RobertaTokenizer.from_pretrained(SMALL)
  const options = { return_offsets_mapping: true, verbose: false } as const
  const inCodePoints = await tokenizer(golden.texts, { ...options, offset_unit: 'codepoint' })
  const inUtf16 = await tokenizer(golden.texts, options)

  test('there are enough texts to mean something', () => {
    expect(golden.texts.length).toBeGreaterThan(2000)
    expect(golden.encodings).toHaveLength(golden.texts.length)
  })

  test('ids, offsets and word ids are Python’s', () => {
    const ours = golden.texts.map((_, i) => [
      inCodePoints.input_ids[i],
      inCodePoints.offset_mapping?.[i]?.flat(),
      inCodePoints.word_ids(i),
    ])
    expect(ours).toEqual(golden.encodings)
  })

  test('UTF-16 offsets cut out what Python cuts out with its own', () => {
    for (const [i, text] of golden.texts.entries()) {
      const points = [...text]
      const python = inCodePoints.offset_mapping?.[i]?.map(([start, end]) =>
        points.slice(start, end).join(''),
      )
      expect(inUtf16.offset_mapping?.[i]?.map(([start, end]) => text.slice(start, end))).toEqual(python)
    }
  })

  test('ids decode to Python’s texts', async () => {
    const decoded = await tokenizer.batch_decode(inUtf16.input_ids, { skip_special_tokens: true })
    expect(decoded).toEqual(golden.decoded)
  })

  test('a text gives the same alone as in the batch', async () => {
    for (let i = 0; i < golden.texts.length; i += 97) {
      expect((await tokenizer(golden.texts[i] ?? '')).input_ids).toEqual(inUtf16.input_ids[i])
    }
  })
})

describe('options', () => {
  test.each(golden.cases)('$name', async (expected) => {
    const tokenizer = await RobertaTokenizer.from_pretrained(SMALL, expected.load)
    const inputs = inputsOf(golden.texts, expected.inputs, expected.options)
    const ours = await answer(tokenizer, inputs, expected.options)
    const { fields, word_ids, sequence_ids, tokens, mappings } = expected
    expect(ours).toEqual({ fields, word_ids, sequence_ids, tokens, ...(mappings && { mappings }) })
  })
})
