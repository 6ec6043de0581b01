/**
 * Teaches a small English model to answer questions by pointing into a paragraph, then asks it.
 *
 *   npx tsx examples/question-answering.ts [--fraction 0.1]
 *
 * The model is fetched once (84 MB, see support/minilm.ts); the questions are XQuAD's (see data/README.md). About a
 * thousand of them teach a small model how it is done, not more: what is in use has seen a hundred thousand.
 */

import { join } from 'node:path'

import { AutoModelForQuestionAnswering, AutoTokenizer, metrics, pipeline, torch } from 'robertorch'

import { draw, readFraction } from './support/fraction.js'
import { percent } from './support/metrics-table.js'
import { fetchMiniLM } from './support/minilm.js'
import { train } from './support/training-loop.js'
import { readXquad } from './support/xquad.js'

// 1. Data. Every sixth article is held out, so that no paragraph is known from training.
const articles = readXquad()
const fraction = readFraction()
const held = draw(articles.filter((_, i) => i % 6 === 0).flat(), fraction)
const learned = draw(articles.filter((_, i) => i % 6 !== 0).flat(), fraction)
console.log(`${learned.length} questions to learn from, ${held.length} held out`)

// 2. Model: an encoder that knows English, with a new head that points to the first and the last token of an answer.
torch.manual_seed(1)
const base = await fetchMiniLM()
const tokenizer = await AutoTokenizer.from_pretrained(base)
const model = await AutoModelForQuestionAnswering.from_pretrained(base, {
  onReport: () => {}, // it says that the head is new, which is what we want
})

// 3. Windows: a paragraph is cut where it is long. Those that hold the whole answer are learned from.
const windows = await tokenizer(
  learned.map(({ question }) => question),
  learned.map(({ context }) => context),
  { truncation: 'only_second', max_length: 160, stride: 48, return_overflowing_tokens: true },
)
const features = windows.input_ids.flatMap((input_ids, row) => {
  const { start, answer } = learned[windows.overflow_to_sample_mapping?.[row] ?? 0] ?? {
    start: 0,
    answer: '',
  }
  const first = windows.char_to_token(row, start, 1)
  const last = windows.char_to_token(row, start + answer.length - 1, 1)
  if (first === null || last === null) return []
  const { attention_mask = [], token_type_ids = [] } = windows
  const encoded = { input_ids, attention_mask: attention_mask[row], token_type_ids: token_type_ids[row] }
  return [{ encoded, first, last }]
})
console.log(`${features.length} windows`)

// 4. Training.
await train(
  model,
  features,
  async (batch) => ({
    ...(await tokenizer.pad(
      batch.map(({ encoded }) => encoded),
      { return_tensors: 'pt' },
    )),
    start_positions: torch.tensor(batch.map(({ first }) => first)),
    end_positions: torch.tensor(batch.map(({ last }) => last)),
  }),
  { epochs: 3, lr: 2e-4 },
)
const folder = join('build', 'question-answering-model')
await model.save_pretrained(folder)
await tokenizer.save_pretrained(folder)

// 5. The pipeline, on articles that the model has never seen.
using ask = await pipeline('question-answering', folder)
const answers = await ask(held.map(({ question, context }) => ({ question, context })))
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const scores = (score: (gold: string, answer: string) => number) =>
  mean(held.map(({ answer }, i) => score(answer, answers[i]?.answer ?? '')))
console.log(
  `questions held out: F1 of the words ${percent(scores(metrics.compute_f1))}, ` +
    `exactly the answer ${percent(scores(metrics.compute_exact))}`,
)

// 6. Several answers, and "there is none". Places fit context.slice.
const context =
  'The Zugspitze 🏔️ is 2,962 metres high. It was first climbed on 27 August 1820 by Josef Naus, a surveyor of the ' +
  'Bavarian army, with his guide Johann Georg Tauschl. Since 1930 a railway has been going up from Garmisch.'
for (const question of [
  'How high is the Zugspitze?',
  'Who climbed it first?',
  'When was it first climbed?',
]) {
  const [best] = [await ask(question, context, { top_k: 3, handle_impossible_answer: true })].flat()
  if (best === undefined) continue
  const { start, end, score } = best
  console.log(`${question}  ${start === end ? '(no answer)' : context.slice(start, end)}  ${percent(score)}`)
}
