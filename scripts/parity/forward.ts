/** Outputs, losses and gradients of the models in test/fixtures, in evaluation mode. */

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { RobertaForMaskedLM, torch } from '../../lib/index.js'
import type { Tensor } from '../../lib/torch/tensor.js'
import type { AnyPreTrainedModel } from '../../lib/transformers/modeling/pretrained-model.js'
import {
  attentionImplementations,
  readReference,
  run,
  type TinyModel,
  tinyModels,
} from '../../test/native/roberta/reference.js'
import { type Check, Collector } from './check.js'
import { fixtures } from './models.js'

const outputNames = [
  'loss',
  'logits',
  'start_logits',
  'end_logits',
  'last_hidden_state',
  'pooler_output',
] as const

function compare(
  results: Collector,
  prefix: string,
  model: AnyPreTrainedModel,
  inputs: Record<string, Tensor>,
): void {
  const outputs = run(model, inputs)
  for (const key of outputNames) {
    const output = outputs[key]
    if (output) results.add(`${prefix}/${key}`, output)
  }
  model.zero_grad()
  // Any scalar of the outputs will do where there is no loss.
  const first = outputs.last_hidden_state ?? outputs.logits ?? (outputs.start_logits as Tensor)
  const scalar = outputs.loss ?? first.square().mean()
  scalar.backward()
  results.addParameters(`${prefix}/grad`, model.named_parameters(), (parameter) => parameter.grad)
}

async function compareTiny(results: Collector, tiny: TinyModel, attention: 'sdpa' | 'eager') {
  const { name, folder, Class } = tiny
  const { cases } = await readReference(folder)
  for (const { name: caseName, inputs, problem_type } of cases) {
    const model = await Class.from_pretrained(folder, { attn_implementation: attention })
    model.config.problem_type = problem_type ?? model.config.problem_type
    const prefix = `${attention}/${name}/${caseName}`
    compare(results, prefix, model, inputs)
    results.facts[`${prefix}/problem_type`] = model.config.problem_type
    if (!name.endsWith('/model')) continue
    const asked = { ...inputs, output_hidden_states: true, output_attentions: true }
    const { hidden_states = [], attentions = [] } = run(model, asked)
    results.add(`${prefix}/hidden_states`, torch.stack([...hidden_states]))
    results.add(`${prefix}/attentions`, torch.stack([...attentions]))
  }
}

async function compareSapiens(results: Collector, chain: string, attention: 'sdpa' | 'eager'): Promise<void> {
  const folder = join(fixtures, 'sapiens', chain)
  const { batch } = JSON.parse(await readFile(join(folder, 'reference.json'), 'utf8'))
  const inputs = Object.fromEntries(
    ['input_ids', 'attention_mask', 'labels'].map((key) => [key, torch.tensor(batch[key])]),
  )
  const model = await RobertaForMaskedLM.from_pretrained(folder, { attn_implementation: attention })
  compare(results, `${attention}/sapiens-${chain}`, model, inputs)
}

export const forward: Check = {
  name: 'forward',
  compared:
    'outputs, losses, all gradients of every family and head (tiny-random) and sapiens, sdpa and eager',
  async ours() {
    const results = new Collector()
    for (const attention of attentionImplementations) {
      for (const tiny of tinyModels) await compareTiny(results, tiny, attention)
      for (const chain of ['vh', 'vl']) await compareSapiens(results, chain, attention)
    }
    return results
  },
}
