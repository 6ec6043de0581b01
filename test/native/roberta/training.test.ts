import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { RobertaForMaskedLM, RobertaForSequenceClassification, torch } from '../../../lib/index.js'
import { native } from '../../../lib/torch/native.js'
import type { Tensor } from '../../../lib/torch/tensor.js'
import { type Batches, type TrainingOptions, train } from '../../../scripts/parity/train.js'
import { expectClose } from './close.js'
import { fixtures } from './reference.js'

// SOURCE.txt: Python's own run moves by 3e-6 (losses), 4e-5 (norms of up to 52) and 3e-7 (weights) with other instruction sets or
// two threads.
const tolerance = 1e-5
const normTolerance = 2e-4

// As the golden runs were made.
torch.set_num_threads(1)

// Dropout is 0, since its masks differ between makers of CPUs; `npm run parity` compares live runs with dropout.
const noDropout = { hidden_dropout_prob: 0, attention_probs_dropout_prob: 0 }

describe.each([
  ['masked-lm', RobertaForMaskedLM],
  ['sequence-classification', RobertaForSequenceClassification],
] as const)('100 steps of training, %s', (name, Model) => {
  it('follow the stored run of Python', async () => {
    const golden = await native.loadSafetensors(join(fixtures, 'training', `${name}.safetensors`))
    const spec = JSON.parse(golden.metadata.spec as string) as TrainingOptions & { checkpoint: string }
    expect(spec.steps).toBe(100)
    const expected = new Map(golden.tensors)
    const batches = Object.fromEntries(
      ['input_ids', 'attention_mask', 'labels'].map((key) => [
        key,
        (expected.get(`in/${key}`) as Tensor).to(torch.int64),
      ]),
    ) as Batches

    const model = await Model.from_pretrained(join(fixtures, spec.checkpoint), noDropout)
    const { named, losses, norms, rates } = train(model, spec, batches)
    expectClose(losses, expected.get('losses') as Tensor, tolerance, 'losses')
    expectClose(norms, expected.get('norms') as Tensor, normTolerance, 'gradient norms')
    expect(rates.tolist()).toEqual(expected.get('rates')?.tolist())
    const kept = named.filter(([key]) => expected.has(`weights/${key}`))
    expect(kept.length).toBeGreaterThan(4)
    for (const [key, weight] of kept)
      expectClose(weight, expected.get(`weights/${key}`) as Tensor, tolerance, key)
  })
})
