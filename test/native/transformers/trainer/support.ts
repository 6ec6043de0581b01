/** A small model and random texts for the tests of the Trainer. */

import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import {
  type Batch,
  PrinterCallback,
  RobertaConfig,
  RobertaForMaskedLM,
  RobertaForSequenceClassification,
  Trainer,
  type TrainerOptions,
  TrainingArguments,
  type TrainingFields,
  torch,
} from '../../../../lib/index.js'

export interface Example {
  input_ids: number[]
  label: number
}

const vocab_size = 64
const pad = 1

export class Texts extends torch.utils.data.Dataset<Example> {
  readonly rows: Example[]

  constructor(
    readonly length: number,
    seed = 3,
  ) {
    super()
    const generator = new torch.Generator().manual_seed(seed)
    const draw = (low: number, high: number, size: number) =>
      torch.randint(low, high, [size], { generator }).tolist() as number[]
    this.rows = draw(3, 12, length).map((tokens) => {
      const input_ids = draw(4, vocab_size - 1, tokens)
      return { input_ids, label: (input_ids[0] as number) % 2 }
    })
  }

  get(index: number): Example {
    return this.rows[index] as Example
  }
}

function padded(examples: readonly Example[]) {
  const width = Math.max(...examples.map(({ input_ids }) => input_ids.length))
  const rows = examples.map(({ input_ids: ids }) => [...ids, ...Array(width - ids.length).fill(pad)])
  const input_ids = torch.tensor(rows)
  return { input_ids, attention_mask: input_ids.ne(pad).to('int64') }
}

export const labelled = (examples: readonly Example[]): Batch => ({
  ...padded(examples),
  labels: torch.tensor(examples.map(({ label }) => label)),
})

/** Draws from the default generator, as dropout does. */
export function masked(examples: readonly Example[]): Batch {
  const { input_ids, attention_mask } = padded(examples)
  const chosen = torch.bernoulli(torch.full(input_ids.shape, 0.3)).to('bool').logical_and(attention_mask)
  chosen.select(1, 1).fill_(true)
  const labels = torch.where(chosen, input_ids, -100)
  return { input_ids: torch.where(chosen, vocab_size - 1, input_ids), attention_mask, labels }
}

const config = () =>
  new RobertaConfig({
    vocab_size,
    hidden_size: 16,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    intermediate_size: 32,
    max_position_embeddings: 20,
    type_vocab_size: 1,
  })

export function newModel(kind: 'classifier' | 'masked-lm' = 'classifier') {
  torch.manual_seed(1)
  return kind === 'classifier'
    ? new RobertaForSequenceClassification(config())
    : new RobertaForMaskedLM(config())
}

export const newFolder = () => mkdtempSync(join(tmpdir(), 'robertorch-trainer-'))

/** A Trainer that prints nothing. */
export function newTrainer(
  fields: Partial<TrainingFields>,
  options: Partial<TrainerOptions<Example>> = {},
): Trainer<Example> {
  const args = new TrainingArguments({
    output_dir: newFolder(),
    logging_steps: 1,
    disable_tqdm: true,
    ...fields,
  })
  const trainer = new Trainer<Example>({
    model: newModel(),
    args,
    data_collator: labelled,
    train_dataset: new Texts(40),
    eval_dataset: new Texts(10, 4),
    ...options,
  })
  trainer.remove_callback(PrinterCallback)
  return trainer
}
