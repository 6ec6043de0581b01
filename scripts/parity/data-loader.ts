/** The order in which DataLoader and its samplers give examples, interleaved with training that draws dropout. */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { RobertaConfig, RobertaForSequenceClassification, torch } from '../../lib/index.js'
import { Generator } from '../../lib/torch/random.js'
import type { Tensor } from '../../lib/torch/tensor.js'
import { type Check, Collector } from './check.js'
import { smallConfig } from './models.js'

const { DataLoader, RandomSampler, SequentialSampler, TensorDataset } = torch.utils.data

const epochs = 3
const spec = { rows: 37, length: 12, seed: 21, config: smallConfig(1, 64) }
type Rows = InstanceType<typeof TensorDataset<[Tensor, Tensor, Tensor]>>

const loaders = (dataset: Rows) => ({
  RandomSampler: new DataLoader(dataset, { sampler: new RandomSampler(dataset), batch_size: 8 }),
  shuffle: new DataLoader(dataset, { shuffle: true, batch_size: 5, drop_last: true }),
  'own generator': new DataLoader(dataset, {
    shuffle: true,
    batch_size: 8,
    generator: new Generator().manual_seed(5),
  }),
  sequential: new DataLoader(dataset, { sampler: new SequentialSampler(dataset), batch_size: 16 }),
})

export const dataLoader: Check = {
  name: 'data-loader',
  compared: `order of ${epochs} epochs of 4 loaders interleaved with training: indices, losses, generator state`,
  prepare: ({ folder }) => writeFile(join(folder, 'data-loader.json'), JSON.stringify(spec)),
  async ours(_context, { inputs }) {
    const results = new Collector()
    const [ids, labels] = [inputs.get('ids') as Tensor, inputs.get('labels') as Tensor]
    const dataset = new TensorDataset(torch.arange(spec.rows), ids, labels)
    for (const [name, loader] of Object.entries(loaders(dataset))) {
      torch.manual_seed(spec.seed)
      const model = new RobertaForSequenceClassification(new RobertaConfig(spec.config)).train()
      const optimizer = new torch.optim.AdamW(model.parameters(), { lr: 1e-3 })
      const order: Tensor[] = []
      const losses: Tensor[] = []
      for (let epoch = 0; epoch < epochs; epoch++) {
        for (const [index, input_ids, y] of loader) {
          const loss = model({ input_ids, labels: y }).loss as Tensor
          loss.backward()
          optimizer.step()
          optimizer.zero_grad()
          order.push(index)
          losses.push(loss)
        }
      }
      results.add(`${name}/order`, torch.cat(order))
      results.add(`${name}/losses`, torch.stack(losses))
      results.add(`${name}/rng_state`, torch.get_rng_state())
      results.facts[`${name}/batches`] = loader.length
    }
    return results
  },
}
