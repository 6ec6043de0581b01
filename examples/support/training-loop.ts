import { get_linear_schedule_with_warmup, type Tensor, torch } from 'robertorch'

import { createTrainingProgress } from '../../lib/training-progress.js'

type Inputs = { readonly attention_mask: Tensor }

/** A model with any head. */
interface Trainable<Batch extends Inputs> {
  parameters(): Tensor[]
  get_input_embeddings(): { readonly weight: Tensor }
  forwardAsync(inputs: Batch): Promise<{ readonly loss?: Tensor }>
  train(): unknown
  eval(): unknown
  zero_grad(): void
}

/**
 * The loop of every fine-tuning.
 *
 * @param inputsOf makes a batch of examples what the model takes, labels included
 */
export async function train<Example, Batch extends Inputs>(
  model: Trainable<Batch>,
  examples: readonly Example[],
  inputsOf: (batch: Example[]) => Promise<Batch>,
  { epochs, lr = 1e-4 }: { epochs: number; lr?: number },
): Promise<void> {
  const { BatchSampler, RandomSampler } = torch.utils.data
  const batches = new BatchSampler(new RandomSampler(examples), 32, false)
  const num_training_steps = batches.length * epochs
  // Half of a small model is its table of words, which few examples cannot improve: without it a step is much faster.
  model.get_input_embeddings().weight.requires_grad = false
  const trained = model.parameters().filter(({ requires_grad }) => requires_grad)
  const optimizer = new torch.optim.AdamW(trained, { lr, weight_decay: 0.01 })
  const scheduler = get_linear_schedule_with_warmup(optimizer, {
    num_warmup_steps: Math.round(num_training_steps / 10),
    num_training_steps,
  })
  const progress = createTrainingProgress(num_training_steps)

  model.train()
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const indices of batches) {
      const inputs = await inputsOf(indices.map((index) => examples[index] as Example))
      const { loss } = await model.forwardAsync(inputs)
      if (loss === undefined) throw new Error('no labels, no loss')
      await loss.backwardAsync()
      torch.nn.utils.clip_grad_norm_(trained, 1)
      optimizer.step()
      scheduler.step()
      model.zero_grad()
      progress.step({ loss: loss.item(), tokens: inputs.attention_mask.sum().item() })
    }
  }
  progress.stop()
  model.eval() // no dropout any more
}
