/** XQuAD: paragraphs of Wikipedia, and questions to them with their answers (see examples/data/README.md). */

import { readFileSync } from 'node:fs'

export interface AnsweredQuestion {
  question: string
  /** The paragraph. */
  context: string
  /** `context.slice(start, start + answer.length)`. */
  answer: string
  start: number
}

interface Article {
  paragraphs: {
    context: string
    qas: { question: string; answers: { text: string; answer_start: number }[] }[]
  }[]
}

/** The questions, article by article. */
export function readXquad(): AnsweredQuestion[][] {
  const file = readFileSync(new URL('../data/xquad.en.json', import.meta.url), 'utf8')
  const { data } = JSON.parse(file) as { data: Article[] }
  return data.map(({ paragraphs }) =>
    paragraphs.flatMap(({ context, qas }) =>
      qas.flatMap(({ question, answers: [first] }) => {
        if (!first) return []
        const { text: answer, answer_start } = first
        // The file counts code points.
        const start = Array.from(context).slice(0, answer_start).join('').length
        return [{ question, context, answer, start }]
      }),
    ),
  )
}
