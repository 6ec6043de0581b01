import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RobertaTokenizer } from '../../../../lib/transformers/tokenization/roberta-tokenizer.js'
import { type Answer, answer, inputsOf, readGolden, SMALL } from './golden.js'

const python = process.env.ROBERTORCH_PYTHON
const script = fileURLToPath(new URL('../../../../scripts/golden/tokenizer.py', import.meta.url))

function ask(request: object, ...args: string[]) {
  const input = JSON.stringify(request)
  return JSON.parse(
    execFileSync(python ?? '', [script, ...args], { input, maxBuffer: 2 ** 30 }).toString('utf8'),
  )
}

const why = python ? '' : ' (skipped: ROBERTORCH_PYTHON names no Python with transformers 4.57)'

describe.skipIf(!python)(`live Python${why}`, { timeout: 1_800_000 }, () => {
  const golden = readGolden()
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tokenizer-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  test('AutoTokenizer opens what save_pretrained wrote, and answers as we do', async () => {
    const original = await RobertaTokenizer.from_pretrained(SMALL, { additional_special_tokens: ['<extra>'] })
    await original.save_pretrained(folder)
    const ours = await RobertaTokenizer.from_pretrained(folder)
    const cases = golden.cases
      .filter(({ load }) => Object.keys(load).length === 0)
      .map(({ options, inputs }) => ({ options, inputs: inputsOf(golden.texts, inputs, options) }))
    const { class: name, size, answers } = ask({ cases }, 'encode', folder)
    expect([name, size]).toEqual(['RobertaTokenizerFast', 2049])
    for (const [i, { options, inputs }] of cases.entries()) {
      expect(await answer(ours, inputs, options)).toEqual(answers[i])
    }
  })

  test('a tokenizer trained here is the one that Python trains, and Python opens it', async () => {
    const texts = golden.texts.filter((text) => text.length > 30)
    for (const [vocab_size, min_frequency] of [
      [500, 0],
      [3000, 2],
      [20_000, 0],
    ] as const) {
      const trained = await RobertaTokenizer.train_from_iterator(texts, { vocab_size, min_frequency })
      const { vocab, merges } = ask({ texts, vocab_size, min_frequency }, 'train')
      expect(trained.get_vocab()).toEqual(vocab)
      expect(merges.length).toBeGreaterThan(200)
      await trained.save_pretrained(folder)
      const inputs = texts.slice(0, 300).map((text) => [text])
      const { answers } = ask({ cases: [{ inputs, options: {} }] }, 'encode', folder)
      expect(await answer(trained, inputs, { verbose: false })).toEqual(answers[0])
    }
  })

  test('100,000 random strings', async () => {
    const texts = ask({ seed: 7, count: 100_000 }, 'texts') as string[]
    expect(texts).toHaveLength(100_000)
    const ours = await RobertaTokenizer.from_pretrained(SMALL)
    for (let start = 0; start < texts.length; start += 50_000) {
      const inputs = texts.slice(start, start + 50_000).map((text) => [text])
      const { answers } = ask({ cases: [{ inputs, options: {} }] }, 'encode', SMALL)
      const { fields, word_ids, sequence_ids, tokens }: Answer = answers[0]
      const got = await answer(ours, inputs, { verbose: false })
      const columns = (a: Omit<Answer, 'mappings'>, i: number) =>
        JSON.stringify(
          [a.word_ids, a.sequence_ids, a.tokens, ...Object.values(a.fields)].map((c) => Object(c)[i]),
        )
      // As text first: comparing so many rows by structure takes minutes.
      const expected = { fields, word_ids, sequence_ids, tokens }
      expect(Object.keys(got.fields)).toEqual(Object.keys(fields))
      const differing = inputs.findIndex((_, i) => columns(got, i) !== columns(expected, i))
      expect(differing < 0 ? undefined : inputs[differing]).toBeUndefined()
    }
  })
})
