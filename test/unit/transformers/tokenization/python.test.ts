import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { BertTokenizer } from '../../../../lib/transformers/tokenization/bert-tokenizer.js'
import type {
  PreTrainedTokenizer,
  TokenizerClass,
} from '../../../../lib/transformers/tokenization/pretrained-tokenizer.js'
import { RobertaTokenizer } from '../../../../lib/transformers/tokenization/roberta-tokenizer.js'
import {
  type Answer,
  answer,
  FAMILIES,
  type FamilyName,
  inputsOf,
  readFamilies,
  readGolden,
  SMALL,
} from './golden.js'

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

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tokenizer-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

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

  const randomTexts = (seed: number, count: number) => ask({ seed, count }, 'texts') as string[]

  /** Every column of every text, here and by the tokenizer that Python makes of a folder. */
  async function compareAll(ours: PreTrainedTokenizer, folder: string, texts: readonly string[]) {
    for (let start = 0; start < texts.length; start += 50_000) {
      const inputs = texts.slice(start, start + 50_000).map((text) => [text])
      const { answers } = ask({ cases: [{ inputs, options: {} }] }, 'encode', folder)
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
  }

  test('100,000 random strings', async () => {
    const texts = randomTexts(7, 100_000)
    expect(texts).toHaveLength(100_000)
    await compareAll(await RobertaTokenizer.from_pretrained(SMALL), SMALL, texts)
  })

  test.each(Object.entries(FAMILIES))(
    '%s: Python opens what was made of the family’s own files, and answers the same',
    async (name, { type, folder: source }) => {
      const { texts, families } = readFamilies()
      const load = type as TokenizerClass<PreTrainedTokenizer> &
        Pick<typeof PreTrainedTokenizer, 'from_pretrained'>
      const ours = await load.from_pretrained(source)
      await ours.save_pretrained(folder)
      const cases = families[name as FamilyName].cases
        .filter(({ load }) => Object.keys(load).length === 0)
        .map(({ options, inputs }) => ({ options, inputs: inputsOf(texts, inputs, options) }))
      const { class: className, size, answers } = ask({ cases }, 'encode', folder)
      expect([className, size]).toEqual([`${type.name}Fast`, ours.length])
      for (const [i, { options, inputs }] of cases.entries()) {
        expect(await answer(ours, inputs, options)).toEqual(answers[i])
      }
      await compareAll(ours, folder, randomTexts(8, 20_000))
    },
  )

  const minilm = fileURLToPath(new URL('../../../../../shared/data/all-minilm-l6-v2', import.meta.url))
  const hasMiniLm = existsSync(minilm)

  test.skipIf(!hasMiniLm)(
    `all-MiniLM-L6-v2${hasMiniLm ? '' : ' (skipped: no ../shared/data)'}: 20,000 random strings`,
    async () => {
      await compareAll(await BertTokenizer.from_pretrained(minilm), minilm, randomTexts(9, 20_000))
    },
  )
})
