/** The training loop that scripts/parity/training.py has in Python. */

import { get_linear_schedule_with_warmup, RobertaConfig, torch } from '../../lib/index.js'
import type { Tensor } from '../../lib/torch/tensor.js'
import { classes } from './models.js'

export interface TrainingSpec {
  name: string
  class: 'masked-lm' | 'sequence-classification'
  attn_implementation: 'sdpa' | 'eager'
  config: Record<string, unknown>
  seed: number
  steps: number
  /** Rows in a batch. */
  batch_size: number
  /** Tokens in a row, padding included. */
  length: number
  lr: number
  weight_decay: number
  warmup_steps: number
  /** Gradients are clipped to this norm. */
  max_norm: number
}

/** Tensors with the step as their first dimension. */
export type Batches = Record<'input_ids' | 'attention_mask' | 'labels', Tensor>

function parameterGroups(named: readonly [string, Tensor][], weight_decay: number) {
  const decays = (name: string) => !name.endsWith('bias') && !/LayerNorm|layer_norm/.test(name)
  const where = (wanted: boolean) =>
    named.filter(([name]) => decays(name) === wanted).map(([, tensor]) => tensor)
  return [
    { params: where(true), weight_decay },
    { params: where(false), weight_decay: 0 },
  ]
}

/** Trains a new model on the batches, one step each. */
export function train(spec: TrainingSpec, batches: Batches) {
  torch.manual_seed(spec.seed)
  const { attn_implementation } = spec
  const model = new classes[spec.class](new RobertaConfig(spec.config), { attn_implementation })
  model.train()
  const named = model.named_parameters()
  const optimizer = new torch.optim.AdamW(parameterGroups(named, spec.weight_decay), { lr: spec.lr })
  const scheduler = get_linear_schedule_with_warmup(optimizer, {
    num_warmup_steps: spec.warmup_steps,
    num_training_steps: spec.steps,
  })
  const losses: Tensor[] = []
  const norms: Tensor[] = []
  const rates: number[] = []
  for (let step = 0; step < spec.steps; step++) {
    const { loss } = model({
      input_ids: batches.input_ids.select(0, step),
      attention_mask: batches.attention_mask.select(0, step),
      labels: batches.labels.select(0, step),
    })
    if (loss === undefined) throw new Error('the model gave no loss for labels')
    loss.backward()
    norms.push(torch.nn.utils.clip_grad_norm_(model.parameters(), spec.max_norm))
    rates.push(scheduler.get_last_lr()[0] as number)
    optimizer.step()
    scheduler.step()
    optimizer.zero_grad()
    losses.push(loss.detach())
  }
  return {
    model,
    named,
    optimizer,
    losses: torch.stack(losses),
    norms: torch.stack(norms),
    rates: torch.tensor(rates, { dtype: torch.float64 }),
  }
}
