/** A small transformer from torch.nn, trained: every layer, dropout, clipping, AdamW. */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { type Tensor, torch } from '../../lib/index.js'
import { type Check, Collector } from './check.js'

const { nn } = torch

class Classifier extends nn.Module<[ids: Tensor], Tensor> {
  embed: InstanceType<typeof nn.Embedding>
  positions: Tensor
  encoder: InstanceType<typeof nn.TransformerEncoder>
  rnn: InstanceType<typeof nn.GRU>
  head: InstanceType<typeof nn.Sequential<Tensor, Tensor>>

  constructor(dropout: number) {
    super()
    this.embed = new nn.Embedding(50, 16, { padding_idx: 0 })
    this.positions = nn.Parameter(nn.init.trunc_normal_(torch.empty([12, 16]), { std: 0.02 }))
    const layer = new nn.TransformerEncoderLayer(16, 4, 32, dropout, 'gelu', { batch_first: true })
    this.encoder = new nn.TransformerEncoder(layer, 2, { norm: new nn.LayerNorm(16) })
    this.rnn = new nn.GRU(16, 8, { batch_first: true, bidirectional: true })
    this.head = new nn.Sequential(
      new nn.Linear(16, 16),
      new nn.BatchNorm1d(16),
      new nn.Tanh(),
      new nn.Dropout(dropout),
      new nn.Linear(16, 3),
    )
  }

  override forward(ids: Tensor): Tensor {
    const embedded = this.embed(ids).add(this.positions)
    const [hidden] = this.rnn(this.encoder(embedded, { src_key_padding_mask: ids.eq(0) }))
    return this.head(hidden.mean(1))
  }
}

export interface Spec {
  seed: number
  steps: number
  dropout: number
}

/** Trains from scratch; losses and gradient norms of all steps. */
export function trainClassifier(spec: Spec): { model: Classifier; losses: Tensor; norms: Tensor } {
  torch.manual_seed(spec.seed)
  const model = new Classifier(spec.dropout)
  const criterion = new nn.CrossEntropyLoss({ label_smoothing: 0.1 })
  const optimizer = new torch.optim.AdamW(model.parameters(), { lr: 3e-3 })
  const losses: Tensor[] = []
  const norms: Tensor[] = []
  for (let step = 0; step < spec.steps; step++) {
    const drawn = torch.randint(1, 50, [16, 12])
    const lengths = torch.randint(3, 13, [16, 1])
    const ids = drawn.mul(torch.arange(12).lt(lengths))
    const loss = criterion(model(ids), ids.select(1, 0).remainder(3))
    loss.backward()
    norms.push(nn.utils.clip_grad_norm_(model.parameters(), 1))
    optimizer.step()
    optimizer.zero_grad()
    losses.push(loss.detach())
  }
  return { model, losses: torch.stack(losses), norms: torch.stack(norms) }
}

const specOf = (short: boolean): Spec => ({ seed: 7, steps: short ? 200 : 1000, dropout: 0.1 })

export const nnTraining: Check = {
  name: 'nn-training',
  compared: 'a transformer of torch.nn layers from scratch, 1000 steps: losses, norms, state, printed form',
  prepare: ({ folder, short }) => writeFile(join(folder, 'nn-training.json'), JSON.stringify(specOf(short))),
  async ours({ short }) {
    const { model, losses, norms } = trainClassifier(specOf(short))
    const results = new Collector()
    results.add('losses', losses)
    results.add('norms', norms)
    for (const [name, tensor] of Object.entries(model.state_dict())) results.add(`state/${name}`, tensor)
    results.add('rng_state', torch.get_rng_state())
    results.facts.printed = String(model)
    return results
  },
}
