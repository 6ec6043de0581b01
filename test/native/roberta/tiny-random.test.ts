import { describe, expect, it } from 'vitest'

import { torch } from '../../../lib/index.js'
import type { Tensor } from '../../../lib/torch/tensor.js'
import type { AnyPreTrainedModel } from '../../../lib/transformers/modeling/pretrained-model.js'
import { expectClose, maxDifference, zeroPadding } from './close.js'
import {
  type AnyOutput,
  attentionImplementations,
  type ReferenceCase,
  readReference,
  run,
  type TinyModel,
  tinyModels,
} from './reference.js'

// As the references were made.
torch.set_num_threads(1)

// SOURCE.txt: eager against sdpa moves a value of Python's own by up to 1.8e-5, gradient norms by up to 7e-6 of them.
const outputTolerance = 2e-5
const gradientTolerance = 1e-5
const normTolerance = 1e-5
// Gradients that only rounding keeps from 0 have no relative error.
const zeroGradientLimit = 1e-6

const load = (
  { Class, folder }: TinyModel,
  attn_implementation: 'eager' | 'sdpa',
): Promise<AnyPreTrainedModel> => Class.from_pretrained(folder, { attn_implementation })
const tiny = (name: string) => tinyModels.find((model) => model.name === name) as TinyModel

const outputNames = [
  'loss',
  'logits',
  'start_logits',
  'end_logits',
  'last_hidden_state',
  'pooler_output',
] as const

function compareOutputs(outputs: AnyOutput, { expected, inputs }: ReferenceCase): number {
  let compared = 0
  for (const key of outputNames) {
    const wanted = expected.get(key)
    if (wanted === undefined) continue
    const got = outputs[key] as Tensor
    // Question answering keeps what it gives for padding.
    const padded = got.dim() === 3
    expectClose(padded ? zeroPadding(got, inputs.attention_mask, 0, 1) : got, wanted, outputTolerance, key)
    compared++
  }
  return compared
}

for (const model of tinyModels) {
  const { parameters, cases: all } = await readReference(model.folder)
  // Generation has a test of its own.
  const cases = all.filter(({ name }) => name !== 'greedy')

  describe.each(attentionImplementations)(`tiny-random ${model.name}, %s`, (attention) => {
    it.each(cases)('gives the outputs of case $name', async (reference) => {
      const loaded = await load(model, attention)
      if (reference.problem_type) loaded.config.problem_type = reference.problem_type
      const outputs = run(loaded, reference.inputs)
      expect(compareOutputs(outputs, reference)).toBeGreaterThan(0)
    })

    it.each(cases.filter(({ expected }) => expected.has('grad_norms')))(
      'gives the gradients of case $name',
      async ({ inputs, expected, problem_type, zero_gradients }) => {
        const loaded = await load(model, attention)
        if (problem_type) loaded.config.problem_type = problem_type
        const { loss } = run(loaded, inputs)
        loss?.backward()
        const gradients = new Map(loaded.named_parameters().map(([key, parameter]) => [key, parameter.grad]))
        expect([...gradients.keys()]).toEqual(parameters)

        const norms = (expected.get('grad_norms') as Tensor).tolist() as number[]
        for (const [i, parameter] of parameters.entries()) {
          const norm = (gradients.get(parameter) as Tensor).norm(2, { dtype: torch.float64 }).item()
          const wanted = norms[i] as number
          if (zero_gradients.includes(parameter)) {
            expect(norm, `norm of the gradient of ${parameter}`).toBeLessThan(zeroGradientLimit)
          } else {
            expect(Math.abs(norm - wanted) / wanted, `gradient norm of ${parameter}`).toBeLessThan(
              normTolerance,
            )
          }
        }
        for (const [key, wanted] of expected) {
          if (!key.startsWith('grad.')) continue
          expectClose(gradients.get(key.slice('grad.'.length)) as Tensor, wanted, gradientTolerance, key)
        }
      },
    )
  })
}

const bare = tinyModels.filter(({ name }) => name.endsWith('/model'))

describe.each(attentionImplementations)('tiny-random models, %s', (attention) => {
  it.each(bare)('$name gives every hidden state and all attention probabilities', async (tinyModel) => {
    const { cases } = await readReference(tinyModel.folder)
    const { inputs, expected } = cases.find(({ name }) => name === 'a') as ReferenceCase
    const model = await load(tinyModel, attention)
    const asked = { ...inputs, output_hidden_states: true, output_attentions: true }
    const outputs = run(model, asked)
    for (const key of ['hidden_states', 'attentions'] as const) {
      const got = torch.stack([...(outputs[key] as readonly Tensor[])])
      // (layers, batch, tokens, hidden) and (layers, batch, heads, tokens, tokens)
      const tokens = key === 'hidden_states' ? 2 : 3
      const padded = zeroPadding(got, inputs.attention_mask, 1, tokens)
      expectClose(padded, expected.get(key) as Tensor, outputTolerance, key)
    }
  })

  it('gives for a padded row what it gives for the row alone', async () => {
    const { cases } = await readReference(tiny('roberta/masked-lm').folder)
    const model = await load(tiny('roberta/masked-lm'), attention)
    for (const { inputs } of cases) {
      const { input_ids, attention_mask } = inputs as { input_ids: Tensor; attention_mask: Tensor }
      const together = run(model, { input_ids, attention_mask }).logits as Tensor
      for (let row = 0; row < input_ids.size(0); row++) {
        const real = attention_mask.select(0, row).to(torch.bool)
        const alone = run(model, {
          input_ids: input_ids.select(0, row).masked_select(real).unsqueeze(0),
        })
        const kept = together.select(0, row).index([real])
        expectClose(kept, (alone.logits as Tensor).select(0, 0), outputTolerance, `row ${row}`)
      }
    }
  })
})

describe('the reference files', () => {
  it('would notice a weight that is off', async () => {
    const { cases } = await readReference(tiny('roberta/model').folder)
    const { inputs, expected } = cases[0] as ReferenceCase
    const model = await load(tiny('roberta/model'), 'eager')
    for (const [name, parameter] of model.named_parameters()) {
      // Softmax takes the same number from every score that a key bias adds.
      if (name.endsWith('key.bias')) continue
      const kept = parameter.data.clone()
      torch.no_grad(() => parameter.mul_(0.5))
      const { last_hidden_state, pooler_output } = run(model, inputs)
      const hidden = zeroPadding(last_hidden_state as Tensor, inputs.attention_mask, 0, 1)
      const off = Math.max(
        maxDifference(hidden, expected.get('last_hidden_state') as Tensor),
        maxDifference(pooler_output as Tensor, expected.get('pooler_output') as Tensor),
      )
      expect(off, name).toBeGreaterThan(10 * outputTolerance)
      parameter.data = kept
    }
  })
})
