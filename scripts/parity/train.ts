/** The training loop that scripts/parity/training.py has in Python. */

import {
  get_linear_schedule_with_warmup,
  type RobertaForMaskedLM,
  type RobertaForSequenceClassification,
  torch,
} from '../../lib/index.js'
import type { Tensor } from '../../lib/torch/tensor.js'

/** How to train; the names are Python's side's, too. */
export interface TrainingOptions {
  steps: number
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

/** Trains a model on the batches, one step each. */
export function train(
  model: RobertaForMaskedLM | RobertaForSequenceClassification,
  options: TrainingOptions,
  batches: Batches,
) {
  model.train()
  const named = model.named_parameters()
  const optimizer = new torch.optim.AdamW(parameterGroups(named, options.weight_decay), { lr: options.lr })
  const scheduler = get_linear_schedule_with_warmup(optimizer, {
    num_warmup_steps: options.warmup_steps,
    num_training_steps: options.steps,
  })
  const losses: Tensor[] = []
  const norms: Tensor[] = []
  const rates: number[] = []
  for (let step = 0; step < options.steps; step++) {
    const { loss } = model({
      input_ids: batches.input_ids.select(0, step),
      attention_mask: batches.attention_mask.select(0, step),
      labels: batches.labels.select(0, step),
    })
    if (loss === undefined) throw new Error('the model gave no loss for labels')
    loss.backward()
    norms.push(torch.nn.utils.clip_grad_norm_(model.parameters(), options.max_norm))
    rates.push(scheduler.get_last_lr()[0] as number)
    optimizer.step()
    scheduler.step()
    optimizer.zero_grad()
    losses.push(loss.detach())
  }
  return {
    named,
    optimizer,
    losses: torch.stack(losses),
    norms: torch.stack(norms),
    rates: torch.tensor(rates, { dtype: torch.float64 }),
  }
}
