/**
 * Teaches a small English model to find the names in sentences of Wikipedia, in a few minutes, then marks them in
 * texts.
 *
 *   npx tsx examples/ner.ts [--fraction 0.1]
 *
 * The model is fetched once (84 MB, see support/minilm.ts); the 1,696 sentences are WikiGold (see data/README.md).
 */

import { join } from 'node:path'

import {
  AutoModelForTokenClassification,
  AutoTokenizer,
  type EntityGroup,
  metrics,
  pipeline,
  torch,
} from 'robertorch'

import { draw, readFraction } from './support/fraction.js'
import { percent } from './support/metrics-table.js'
import { fetchMiniLM } from './support/minilm.js'
import { train } from './support/training-loop.js'
import { readWikigold, tagNames } from './support/wikigold.js'

// 1. Data. Every fifth sentence is held out for the test.
const sentences = draw(readWikigold(), readFraction())
const held = sentences.filter((_, i) => i % 5 === 0)
const learned = sentences.filter((_, i) => i % 5 !== 0)
console.log(`${learned.length} sentences to learn from, ${held.length} held out`)

// 2. Model: an encoder that knows English, with a new head that labels tokens.
torch.manual_seed(1)
const base = await fetchMiniLM()
const tokenizer = await AutoTokenizer.from_pretrained(base)
const model = await AutoModelForTokenClassification.from_pretrained(base, {
  id2label: { ...tagNames },
  onReport: () => {}, // it says that the head is new, which is what we want
})

// 3. Training. The first token of a word is taught the word's tag; the others, at -100, do not count.
await train(
  model,
  learned,
  async (batch) => {
    const encoded = await tokenizer(
      batch.map(({ words }) => words),
      { is_split_into_words: true, padding: true, truncation: true, max_length: 96, return_tensors: 'pt' },
    )
    const labels = batch.map(({ tags }, row) =>
      encoded.word_ids(row).map((word, i, all) => {
        const isFirst = word !== null && word !== all[i - 1]
        return isFirst ? tagNames.indexOf(tags[word] as string) : -100
      }),
    )
    return { ...encoded, labels: torch.tensor(labels) }
  },
  { epochs: 4, lr: 2e-4 },
)
const folder = join('build', 'ner-model')
await model.save_pretrained(folder)
await tokenizer.save_pretrained(folder)

// 4. The pipeline. `first`: the first token speaks for its word, as it was taught.
using find = await pipeline('ner', folder, { aggregation_strategy: 'first' })
const answers = await find(
  held.map(({ words }) => words),
  { is_split_into_words: true },
)

/** The tag of each word, by where the entities lie in the words joined by blanks. */
function tagsOf(words: readonly string[], entities: readonly EntityGroup[]): string[] {
  let next = 0
  return words.map((word) => {
    const start = next
    next += word.length + 1
    const entity = entities.find((each) => each.start <= start && start < each.end)
    return entity === undefined ? 'O' : `I-${entity.entity_group}`
  })
}
const truth = held.map(({ tags }) => tags)
const found = held.map(({ words }, i) => tagsOf(words, answers[i] ?? []))
const { precision_score, recall_score, f1_score } = metrics.seqeval
console.log(
  `whole names in the sentences held out: F1 ${percent(f1_score(truth, found))}, ` +
    `precision ${percent(precision_score(truth, found))}, recall ${percent(recall_score(truth, found))}`,
)

// 5. Any text. `start` and `end` fit text.slice, whatever stands before: emoji, accents, other scripts.
const texts = [
  'Marie Curie was born in Warsaw 🇵🇱 and worked at the University of Paris.',
  '¡Olé! Miguel Induráin won the Tour de France five times for the team Banesto.',
]
for (const text of texts) {
  const entities = await find(text)
  const marked = entities.toReversed().reduce((marking, { start, end, entity_group }) => {
    return `${marking.slice(0, start)}[${marking.slice(start, end)} ${entity_group}]${marking.slice(end)}`
  }, text)
  console.log(marked)
}
