/** Training: dropout, weight decay groups, linear warm-up, gradient clipping, AdamW, ragged padded batches. */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { RobertaConfig, torch } from '../../lib/index.js'
import { type Check, Collector, type Context } from './check.js'
import { classes, smallConfig } from './models.js'
import { type Batches, type TrainingOptions, train } from './train.js'

interface TrainingSpec extends TrainingOptions {
  name: string
  class: 'masked-lm' | 'sequence-classification'
  attn_implementation: 'sdpa' | 'eager'
  config: Record<string, unknown>
  seed: number
  /** Rows in a batch. */
  batch_size: number
  /** Tokens in a row, padding included. */
  length: number
}

const base = {
  attn_implementation: 'sdpa',
  seed: 11,
  steps: 100,
  batch_size: 8,
  length: 24,
  lr: 1e-3,
  weight_decay: 0.01,
  warmup_steps: 10,
  max_norm: 1,
} as const
const maskedLm = { class: 'masked-lm', config: smallConfig(2, 64) } as const
const classifier = {
  class: 'sequence-classification',
  config: { ...smallConfig(2, 64), num_labels: 3 },
} as const

const specs = ({ short }: Context): TrainingSpec[] => [
  { ...base, ...maskedLm, name: 'masked LM' },
  { ...base, ...classifier, name: 'classification' },
  {
    ...base,
    ...maskedLm,
    name: 'masked LM, eager',
    attn_implementation: 'eager',
    steps: 20,
    warmup_steps: 3,
  },
  ...(short ? [] : long),
]
// Other shapes take other kernels of the matrix library.
const long: TrainingSpec[] = [
  { ...base, ...maskedLm, name: 'masked LM, 4 × 256', config: smallConfig(4, 256), length: 64 },
  {
    ...base,
    ...classifier,
    name: 'classification, 1 × 768',
    config: { ...smallConfig(1, 768), num_labels: 2 },
    length: 64,
    steps: 30,
  },
]

export const training: Check = {
  name: 'training',
  compared:
    '100 steps with dropout 0.1, decay groups, warm-up, clipping, AdamW, ragged batches: losses, norms, rates, final weights, moments, generator state',
  prepare: (context) => writeFile(join(context.folder, 'training.json'), JSON.stringify(specs(context))),
  async ours(context, { inputs }) {
    const results = new Collector()
    for (const spec of specs(context)) {
      const { name } = spec
      const batches = Object.fromEntries(
        ['input_ids', 'attention_mask', 'labels'].map((key) => [key, inputs.get(`${name}/${key}`)]),
      ) as Batches
      torch.manual_seed(spec.seed)
      const { attn_implementation } = spec
      const model = new classes[spec.class](new RobertaConfig(spec.config), { attn_implementation })
      const { named, optimizer, losses, norms, rates } = train(model, spec, batches)
      results.add(`${name}/losses`, losses)
      results.add(`${name}/norms`, norms)
      results.add(`${name}/rates`, rates)
      results.addParameters(`${name}/weights`, named)
      for (const moment of ['exp_avg', 'exp_avg_sq', 'step']) {
        results.addParameters(`${name}/${moment}`, named, (p) => optimizer.state.get(p)?.[moment] ?? null)
      }
      results.add(`${name}/rng_state`, torch.get_rng_state())
    }
    return results
  },
}
