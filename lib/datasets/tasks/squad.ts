/** SQuAD, versions 1.1 and 2.0, from the official files. */

import { readFile } from 'node:fs/promises'

import { DatasetError } from '../../errors.js'
import { corruptRow, shown } from '../corrupt-row.js'
import { Dataset } from '../dataset.js'
import { List, Value } from '../features.js'

/** A question, with the columns of the data sets squad and squad_v2; no answers: it has none. */
export type SquadRow = {
  id: string
  title: string
  context: string
  question: string
  answers: {
    text: string[]
    /** In characters as JavaScript counts them (UTF-16 units): `context.slice(start)` begins with the answer. */
    answer_start: number[]
  }
}

const features = {
  id: new Value('string'),
  title: new Value('string'),
  context: new Value('string'),
  question: new Value('string'),
  answers: { text: new List(new Value('string')), answer_start: new List(new Value('int64')) },
}

/**
 * Reads a file of SQuAD. The file counts characters as Python does (code points); where a context has others than those
 * of 16 bits, the starts are changed to fit `context.slice`.
 *
 * @throws DatasetError for a file that is missing or none of SQuAD, CorruptRowError for a question that lacks something or
 *   an answer that does not stand where the file says.
 */
export async function loadSquad(path: string): Promise<Dataset<SquadRow>> {
  return Dataset.from_list(await questions(path), { features })
}

async function questions(path: string): Promise<SquadRow[]> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new DatasetError(`cannot read ${path}: ${error.message}`, { cause: error })
  })
  let file: unknown
  try {
    file = JSON.parse(text)
  } catch (error) {
    throw new DatasetError(`${path} is damaged: ${(error as Error).message}`, { cause: error })
  }
  const rows: SquadRow[] = []
  const hint = 'SQuAD’s files have data, paragraphs, context, qas'
  const list = (value: unknown, what: string): Record<string, unknown>[] => {
    const isList = Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null)
    if (!isList)
      throw new DatasetError(`${path} has no list ${what} before question ${rows.length + 1}`, { hint })
    return value
  }
  for (const article of list((file as { data?: unknown } | null)?.data, 'data')) {
    for (const { context, qas } of list(article.paragraphs, 'paragraphs')) {
      const units = unitOffsets(String(context))
      for (const question of list(qas, 'qas')) {
        const place = { file: path, row: rows.length + 1 }
        const strings = { id: question.id, title: article.title ?? '', context, question: question.question }
        for (const [column, value] of Object.entries(strings)) {
          if (typeof value !== 'string') throw corruptRow({ ...place, column }, `${shown(value)} is no text`)
        }
        // Whatever stands beside such a question is no right answer.
        const given = question.is_impossible === true ? [] : list(question.answers, 'answers')
        const answers = given.map((answer) => checkAnswer(answer, String(context), units, place))
        rows.push({
          ...(strings as Record<keyof typeof strings, string>),
          answers: {
            text: answers.map((answer) => answer.text),
            answer_start: answers.map((answer) => answer.start),
          },
        })
      }
    }
  }
  if (rows.length === 0) throw new DatasetError(`${path} has no questions`, { hint })
  return rows
}

function checkAnswer(
  { text, answer_start }: Record<string, unknown>,
  context: string,
  units: (codePoint: number) => number,
  place: { file: string; row: number },
): { text: string; start: number } {
  const at = { ...place, column: 'answers' }
  if (typeof text !== 'string' || !Number.isInteger(answer_start)) {
    throw corruptRow(at, 'an answer has a text and answer_start, a whole number')
  }
  const start = units(answer_start as number)
  if (context.startsWith(text, start)) return { text, start }
  const found = context.slice(start, start + text.length)
  throw corruptRow(
    at,
    `the answer ${shown(text)} does not stand at ${answer_start}: there is ${shown(found)}`,
  )
}

/** From code points to UTF-16 units. */
function unitOffsets(context: string): (codePoint: number) => number {
  if (!/[\u{10000}-\u{10ffff}]/u.test(context)) return (codePoint) => codePoint
  const starts: number[] = []
  let at = 0
  for (const character of context) {
    starts.push(at)
    at += character.length
  }
  return (codePoint) => starts[codePoint] ?? at
}
