/**
 * Trains a small RoBERTa from scratch to tell spam from other mail, in about three minutes on two cores.
 *
 *   npm run quickstart -- [--fraction 0.1] [--epochs 2] [--seed 1] [--out folder] [texts to classify…]
 *
 * Read it from top to bottom: it is the whole life of a model. docs/quickstart.md explains the choices.
 */

import { stdin, stdout } from 'node:process'
import { createInterface } from 'node:readline/promises'

import {
  get_linear_schedule_with_warmup,
  RobertaConfig,
  RobertaForSequenceClassification,
  RobertaTokenizer,
  type Tensor,
  torch,
} from 'robertorch'

import { createTrainingProgress } from '../lib/training-progress.js'
import { metricsTable, percent } from './support/metrics-table.js'
import { readOptions } from './support/quickstart-options.js'
import { cleanText, type Example, labelNames, readMails } from './support/spam-assassin.js'
import { stratifiedSplit } from './support/stratified-split.js'

const options = readOptions()
const started = performance.now()
const sinceStart = () => `${((performance.now() - started) / 1000).toFixed(0)} s`
const heading = (text: string) => console.log(`\n${text}`)

// 1. Data. A fifth is held out: neither the model nor the tokenizer sees it before the test.
heading('1. Reading the mails')
const mails = await readMails()
const used = options.fraction === 1 ? mails : stratifiedSplit(mails, options.fraction, 0).test
const { train, test } = stratifiedSplit(used, 0.2, 0)
console.log(`${train.length} mails to learn from, ${test.length} held out (${sinceStart()})`)

// 2. Tokenizer. Byte-level BPE, as RoBERTa's own, but learned from these texts: any text can be encoded, and words
// that are common here are one token.
heading('2. Training the tokenizer')
const max_length = 96 // the subject and the first sentences are enough to tell, and time grows with length
const tokenizer = await RobertaTokenizer.train_from_iterator(
  train.map(({ text }) => text),
  { vocab_size: 8192, model_max_length: max_length },
)
console.log(`${tokenizer.length} tokens (${sinceStart()})`)

// Every text becomes a row of ids: <s> text </s>, cut to max_length, padded where it is shorter. The attention mask
// tells tokens (1) from padding (0).
const encode = (texts: string[]) =>
  tokenizer(texts, { padding: true, truncation: true, max_length, return_tensors: 'pt' })

async function makeDataset(examples: Example[]) {
  const { input_ids, attention_mask } = await encode(examples.map(({ text }) => text))
  const labels = torch.tensor(examples.map(({ label }) => label))
  return new torch.utils.data.TensorDataset(input_ids, attention_mask, labels)
}
const trainSet = await makeDataset(train)
const testSet = await makeDataset(test)

// 3. Model. RoBERTa's architecture at a fortieth of the size of roberta-base.
heading('3. Making the model')
torch.manual_seed(options.seed)
const config = new RobertaConfig({
  vocab_size: tokenizer.length,
  hidden_size: 256,
  num_hidden_layers: 4,
  num_attention_heads: 4,
  intermediate_size: 1024,
  max_position_embeddings: max_length + 2, // positions are counted from pad_token_id + 1
  type_vocab_size: 1,
  layer_norm_eps: 1e-5,
  attention_probs_dropout_prob: 0, // without it attention takes a faster path; dropout elsewhere stays at 0.1
  id2label: { 0: labelNames[0], 1: labelNames[1] },
})
const model = new RobertaForSequenceClassification(config)
console.log(`${(model.num_parameters() / 1e6).toFixed(1)} million parameters (${sinceStart()})`)

// 4. Training. The Async forms run off the event loop, so that the progress bar (or a server) stays alive.
heading(`4. Training, ${options.epochs} passes over the mails`)
const { DataLoader, RandomSampler } = torch.utils.data
const loader = new DataLoader(trainSet, { batch_size: 32, sampler: new RandomSampler(trainSet) })
const num_training_steps = loader.length * options.epochs
const optimizer = new torch.optim.AdamW(model.parameters(), { lr: 6e-4 })
const scheduler = get_linear_schedule_with_warmup(optimizer, {
  num_warmup_steps: Math.round(num_training_steps / 10), // large steps at random weights would do lasting harm
  num_training_steps,
})
const progress = createTrainingProgress(num_training_steps)

model.train()
for (let epoch = 0; epoch < options.epochs; epoch++) {
  for (const [input_ids, attention_mask, labels] of loader) {
    const outputs = await model.forwardAsync({ input_ids, attention_mask, labels })
    const loss = outputs[0]
    await loss.backwardAsync()
    optimizer.step()
    scheduler.step()
    model.zero_grad()
    progress.step({ loss: loss.item(), tokens: attention_mask.sum().item() })
  }
}
progress.stop()

// 5. Evaluation, on mails that the model has never seen.
heading('5. Testing on the mails held out')
model.eval() // no dropout any more
const logitsOf = (some: RobertaForSequenceClassification, input_ids: Tensor, attention_mask: Tensor) =>
  torch.no_grad(() => some({ input_ids, attention_mask }).logits) // (batch, 2)

const predicted: number[] = []
for (const [input_ids, attention_mask] of new DataLoader(testSet, { batch_size: 64 })) {
  const classes = logitsOf(model, input_ids, attention_mask).argmax(-1)
  predicted.push(...(classes.tolist() as number[]))
}
console.log(
  metricsTable(
    labelNames,
    test.map(({ label }) => label),
    predicted,
  ),
)

// 6. Saving and loading. Python's Transformers opens the same folder.
heading(`6. Saving to ${options.out} and loading again`)
await model.save_pretrained(options.out)
await tokenizer.save_pretrained(options.out)
const loaded = await RobertaForSequenceClassification.from_pretrained(options.out)
const loadedTokenizer = await RobertaTokenizer.from_pretrained(options.out)

const [ids, mask] = testSet.tensors.map((tensor) => tensor.narrow(0, 0, Math.min(64, test.length))) as [
  Tensor,
  Tensor,
]
const before = logitsOf(model, ids, mask)
const after = logitsOf(loaded, ids, mask)
if (!torch.equal(before, after)) throw new Error(`logits differ by ${before.sub(after).abs().max().item()}`)
console.log(
  `the loaded model gives the same logits, bit for bit, for ${ids.length} mails (${sinceStart()} in all)`,
)

// 7. Use. Anything goes, but it has only seen mail of 2002: talk on mailing lists, newsletters, and spam.
heading('7. Classifying texts')
async function classify(text: string): Promise<void> {
  const { input_ids, attention_mask } = await loadedTokenizer([cleanText(text)], {
    truncation: true,
    return_tensors: 'pt',
  })
  const [probabilities] = logitsOf(loaded, input_ids, attention_mask).softmax(-1).tolist() as [number[]]
  const best = probabilities.indexOf(Math.max(...probabilities))
  console.log(`${(config.id2label[best] ?? '').padEnd(4)} ${percent(probabilities[best] ?? 0)}  ${text}`)
}
const builtIn = [
  'Congratulations! You have been selected to receive a $1000 cash prize. Click here now to claim your free money.',
  'Re: crash in the parser. I can reproduce it with the latest version, the patch below fixes it for me.',
  'Lose weight now! Doctors are amazed by this new pill. Order today and get 50% off, satisfaction guaranteed.',
]
for (const text of options.texts.length > 0 ? options.texts : builtIn) await classify(text)

if (stdin.isTTY && options.texts.length === 0) {
  const terminal = createInterface({ input: stdin, output: stdout })
  for (;;) {
    const text = await terminal.question('your text (empty: end)> ')
    if (text.trim() === '') break
    await classify(text)
  }
  terminal.close()
}

heading('Next')
console.log(`  npm run quickstart -- --epochs 3 "some text"      train longer, classify your own text
  examples/quickstart.ts                            the program that just ran, made to be read and copied
  examples/seed-guide.ts                            fine-tune a published RoBERTa on your own texts
  docs/quickstart.md                                why it is set up as it is, and what to change first`)
