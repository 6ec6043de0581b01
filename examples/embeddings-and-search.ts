/**
 * Finds paragraphs by what they mean: turns 240 paragraphs of Wikipedia into vectors, and looks for those that answer a
 * question. No training.
 *
 *   npx tsx examples/embeddings-and-search.ts [--fraction 0.1]
 *
 * The model is fetched once (84 MB, see support/minilm.ts); texts and questions are XQuAD's (see data/README.md).
 */

import { pipeline, semantic_search } from 'robertorch'

import { draw, readFraction } from './support/fraction.js'
import { percent } from './support/metrics-table.js'
import { fetchMiniLM } from './support/minilm.js'
import { readXquad } from './support/xquad.js'

// 1. Data: each question belongs to one of the paragraphs.
const questions = draw(readXquad().flat(), readFraction())
const paragraphs = [...new Set(questions.map(({ context }) => context))]
console.log(`${paragraphs.length} paragraphs, ${questions.length} questions`)

// 2. Vectors. The folder says how they are made: mean of the tokens' vectors, length 1, at most 256 tokens.
const folder = await fetchMiniLM()
using embed = await pipeline('sentence-embedding', folder)
const corpus = await embed(paragraphs) // Float32Array[], 384 numbers each
const queries = await embed(questions.map(({ question }) => question))

// 3. Search: for each question the paragraphs that are most like it.
const found = await semantic_search(queries, corpus, { top_k: 5 })
const isAnswered = (hits: readonly { corpus_id: number }[], i: number) =>
  hits.some(({ corpus_id }) => paragraphs[corpus_id] === questions[i]?.context)
const part = (count: number) =>
  found.filter((hits, i) => isAnswered(hits.slice(0, count), i)).length / found.length

// What counting common words finds, for comparison.
const wordsOf = (text: string) => new Set(text.toLowerCase().match(/\p{L}{4,}/gu))
const paragraphWords = paragraphs.map(wordsOf)
const byWords = questions.filter(({ question, context }) => {
  const asked = [...wordsOf(question)]
  const common = paragraphWords.map((words) => asked.filter((word) => words.has(word)).length)
  return paragraphs[common.indexOf(Math.max(...common))] === context
}).length
console.log(`the right paragraph first: ${percent(part(1))}, among five: ${percent(part(5))}`)
console.log(`by common words first:     ${percent(byWords / questions.length)}`)

// 4. Anything can be asked, in words that are not in the text.
const asked = [
  'Which plants eat animals?',
  'games of American football',
  'how do engines turn heat into motion?',
]
for (const [i, hits] of (await semantic_search(await embed(asked), corpus, { top_k: 2 })).entries()) {
  console.log(asked[i])
  for (const { corpus_id, score } of hits) {
    console.log(`  ${score.toFixed(2)}  ${paragraphs[corpus_id]?.slice(0, 80)}…`)
  }
}

// 5. Two texts, without search: how alike they are, from -1 to 1.
using compare = await pipeline('sentence-similarity', folder)
const source_sentence = 'A man is playing a guitar.'
const sentences = ['Somebody makes music on six strings.', 'A man is eating an apple.', 'Tax law is hard.']
const alike = await compare({ source_sentence, sentences })
for (const [i, score] of alike.entries()) console.log(`${score.toFixed(2)}  ${sentences[i]}`)
