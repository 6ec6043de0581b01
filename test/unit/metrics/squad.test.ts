import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { describe, expect, test } from 'vitest'

import { ArgumentError, ShapeError } from '../../../lib/errors.js'
import { type SquadReference, squad_evaluate, squad_v1_evaluate } from '../../../lib/metrics/index.js'

interface Question extends SquadReference {
  words: string[]
}

interface SquadFile {
  data: { paragraphs: { context: string; qas: { id: string; answers: { text: string }[] }[] }[] }[]
}

const folder = fileURLToPath(new URL('../../../../shared/data/squad', import.meta.url))
const present = existsSync(folder)
const json = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'))

function questions(name: string): Question[] {
  const file: SquadFile = json(name)
  return file.data.flatMap(({ paragraphs }) =>
    paragraphs.flatMap(({ context, qas }) =>
      qas.map(({ id, answers }) => ({
        id,
        answers: { text: answers.map(({ text }) => text) },
        words: context.split(/\s+/).filter((word) => word !== ''),
      })),
    ),
  )
}

/** The rule of squad2-half-dev-expected.json. */
function predict({ answers: { text }, words }: Question, i: number): string {
  switch (i % 4) {
    case 0:
      return text.at(-1) ?? (words[0] as string)
    case 1:
      return ''
    case 2:
      return words.slice(0, 5).join(' ')
    default:
      return text.length > 0 ? `The ${text[0]}!` : ''
  }
}

describe.skipIf(!present)(`official results${present ? '' : ' (skipped: no ../shared/data)'}`, () => {
  test('of SQuAD v2, with and without probabilities of no answer', () => {
    const expected = json('squad2-half-dev-expected.json')
    const examples = questions('squad2-half-dev.json')
    const predictions = Object.fromEntries(examples.map((one, i) => [one.id, predict(one, i)]))
    expect(squad_evaluate(examples, predictions)).toEqual(expected.without_na_prob)
    const options = {
      no_answer_probs: Object.fromEntries(examples.map(({ id }, i) => [id, ((i * 37) % 101) / 100])),
      no_answer_probability_threshold: 0.5,
    }
    expect(squad_evaluate(examples, predictions, options)).toEqual(expected['with_na_prob_thresh_0.5'])
  })

  test('of published predictions for SQuAD v1', () => {
    const examples = questions('xquad.en.json')
    const models: Record<
      string,
      { official_script: Record<string, number>; predictions: Record<string, string> }
    > = json('xquad-predictions.json').models
    expect(Object.keys(models)).toHaveLength(3)
    for (const { official_script, predictions } of Object.values(models)) {
      expect(squad_evaluate(examples, predictions)).toEqual(official_script)
      const { exact_match, f1 } = squad_v1_evaluate(examples, predictions)
      expect([exact_match, f1]).toEqual([official_script.exact, official_script.f1])
    }
  })
})

const example: SquadReference = { id: 'a', answers: { text: ['the Nile'] } }
const unanswerable: SquadReference = { id: 'b', answers: { text: [] } }

test('a missing prediction is an error in version 2 and wrong in version 1', () => {
  expect(() => squad_evaluate([example], {})).toThrow(/no prediction for question a\n {2}hint: preds/)
  expect(squad_v1_evaluate([example], {})).toEqual({ exact_match: 0, f1: 0 })
})

test('refuses no questions, missing probabilities and questions without answer in version 1', () => {
  expect(() => squad_evaluate([], {})).toThrow(ShapeError)
  expect(() => squad_v1_evaluate([], {})).toThrow(ShapeError)
  expect(() => squad_evaluate([example], { a: 'Nile' }, { no_answer_probs: {} })).toThrow(ArgumentError)
  expect(() => squad_v1_evaluate([unanswerable], { b: '' })).toThrow(
    /b has no answer.*\n {2}hint: squad_evaluate/,
  )
})

test('keys are left out where there are no such questions', () => {
  expect(squad_evaluate([unanswerable], { b: '' })).toEqual({
    ...{ exact: 100, f1: 100, total: 1 },
    ...{ NoAns_exact: 100, NoAns_f1: 100, NoAns_total: 1 },
  })
})
