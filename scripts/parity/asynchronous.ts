/** forwardAsync and backwardAsync against forward and backward, and both against Python. */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { RobertaConfig, RobertaForMaskedLM, torch } from '../../lib/index.js'
import type { Tensor } from '../../lib/torch/tensor.js'
import { type Check, Collector } from './check.js'
import { smallConfig } from './models.js'

const spec = {
  class: 'masked-lm',
  config: smallConfig(2, 128),
  seed: 31,
  steps: 3,
  batch_size: 6,
  length: 40,
}

export const asynchronous: Check = {
  name: 'asynchronous',
  compared:
    'forwardAsync and backwardAsync, forward and backward, Python: losses, all gradients, generator state',
  prepare: ({ folder }) => writeFile(join(folder, 'asynchronous.json'), JSON.stringify(spec)),
  async ours(_context, { inputs }) {
    const results = new Collector()
    torch.manual_seed(spec.seed)
    const model = new RobertaForMaskedLM(new RobertaConfig(spec.config)).train()
    for (const way of ['synchronous', 'asynchronous']) {
      for (let step = 0; step < spec.steps; step++) {
        const batch = Object.fromEntries([...inputs].map(([key, tensor]) => [key, tensor.select(0, step)]))
        torch.manual_seed(step)
        model.zero_grad()
        const outputs = way === 'synchronous' ? model(batch) : await model.forwardAsync(batch)
        const loss = outputs.loss as Tensor
        if (way === 'synchronous') loss.backward()
        else await loss.backwardAsync()
        results.add(`${way}/${step}/loss`, loss)
        results.addParameters(`${way}/${step}/grad`, model.named_parameters(), (parameter) => parameter.grad)
        results.add(`${way}/${step}/rng_state`, torch.get_rng_state())
      }
    }
    return results
  },
}
