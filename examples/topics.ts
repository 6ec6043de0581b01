/**
 * Teaches a small English model to tell what a paragraph is about, in a few minutes, then asks it.
 *
 *   npx tsx examples/topics.ts [--fraction 0.1]
 *
 * The model is fetched once (84 MB, see support/minilm.ts); the paragraphs are the Brown corpus's (support/brown.ts).
 */

import { join } from 'node:path'

import { AutoModelForSequenceClassification, AutoTokenizer, metrics, pipeline, torch } from 'robertorch'

import { readParagraphs } from './support/brown.js'
import { fineTune } from './support/fine-tune.js'
import { draw, readFraction } from './support/fraction.js'
import { percent } from './support/metrics-table.js'
import { fetchMiniLM } from './support/minilm.js'

// 1. Data. Topics by the corpus's names for its genres; as many paragraphs of each.
const topics = {
  news: 'news',
  reviews: 'arts',
  religion: 'religion',
  hobbies: 'hobbies',
  government: 'government',
  learned: 'science',
}
const names = Object.values(topics)
const perTopic = Math.ceil(250 * readFraction())
const examples = Object.keys(topics).flatMap((genre, label) =>
  draw(
    readParagraphs().filter((paragraph) => paragraph.genre === genre),
    1,
  )
    .slice(0, perTopic)
    .map(({ text, source }) => ({ text, source, label })),
)
// Paragraphs of one text are alike: a text is either learned from or held out, never both.
const isHeldOut = ({ source }: { source: string }) => Number(source.slice(-2)) % 5 === 0
const test = examples.filter(isHeldOut)
const train = examples.filter((example) => !isHeldOut(example))
console.log(`${train.length} paragraphs to learn from, ${test.length} held out, ${names.length} topics`)

// 2. Model: an encoder that knows English, with a new head for the topics.
torch.manual_seed(1)
const base = await fetchMiniLM()
const tokenizer = await AutoTokenizer.from_pretrained(base)
const model = await AutoModelForSequenceClassification.from_pretrained(base, {
  id2label: Object.fromEntries(names.entries()),
  onReport: () => {}, // it says that the head is new, which is what we want
})

// 3. Training, and saving: Python's Transformers opens the same folder.
const max_length = 96
await fineTune(model, tokenizer, train, { epochs: 3, max_length })
const folder = join('build', 'topics-model')
await model.save_pretrained(folder)
await tokenizer.save_pretrained(folder)

// 4. From here on the folder is all it takes. Options given here hold for every call.
using classify = await pipeline('text-classification', folder, { truncation: true, max_length })

const answers = await classify(test.map(({ text }) => text))
const truth = test.map(({ label }) => label)
const ours = answers.map(({ label }) => names.indexOf(label))
console.log(`accuracy on the texts held out: ${percent(metrics.accuracy_score(truth, ours))}`)
console.log(`by topic, F1:`)
for (const [label, name] of names.entries()) {
  const is = (all: number[]) => all.map((one) => (one === label ? 1 : 0))
  console.log(`  ${name.padEnd(10)} ${percent(metrics.f1_score(is(truth), is(ours)))}`)
}

// 5. With top_k each answer is a list, the best first.
const texts = [
  'The committee approved the budget of the department for the coming fiscal year.',
  'The enzyme was heated to 60 degrees for ten minutes, after which no reaction could be measured.',
  'Sand the boards, glue them together and let them dry overnight before you paint them.',
]
for (const [i, best] of (await classify(texts, { top_k: 2 })).entries()) {
  console.log(
    `${best
      .map(({ label, score }) => `${label} ${percent(score)}`)
      .join(', ')
      .padEnd(34)}  ${texts[i]}`,
  )
}
