import {
  type AutoModelForSequenceClassification,
  get_linear_schedule_with_warmup,
  type PipelineTokenizer,
  torch,
} from 'robertorch'

import { createTrainingProgress } from '../../lib/training-progress.js'

/** What the Auto class gives. */
export type Classifier = Awaited<ReturnType<typeof AutoModelForSequenceClassification.from_pretrained>>

/** A text and the index of its label. */
export interface LabelledText {
  text: string
  label: number
}

export interface FineTuneOptions {
  epochs: number
  /** Tokens of a text; the rest is cut off. */
  max_length: number
}

/** Trains a classifier on texts: the loop of every fine-tuning. */
export async function fineTune(
  model: Classifier,
  tokenizer: PipelineTokenizer,
  examples: readonly LabelledText[],
  { epochs, max_length }: FineTuneOptions,
): Promise<void> {
  const { BatchSampler, RandomSampler } = torch.utils.data
  const batches = new BatchSampler(new RandomSampler(examples), 32, false)
  const num_training_steps = batches.length * epochs
  // Half of a small model is its table of words, which few examples cannot improve: without it a step is much faster.
  model.get_input_embeddings().weight.requires_grad = false
  const trained = model.parameters().filter(({ requires_grad }) => requires_grad)
  const optimizer = new torch.optim.AdamW(trained, { lr: 1e-4, weight_decay: 0.01 })
  const scheduler = get_linear_schedule_with_warmup(optimizer, {
    num_warmup_steps: Math.round(num_training_steps / 10),
    num_training_steps,
  })
  const progress = createTrainingProgress(num_training_steps)

  model.train()
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const indices of batches) {
      const batch = indices.map((index) => examples[index] as LabelledText)
      const encoded = await tokenizer(
        batch.map(({ text }) => text),
        { padding: true, truncation: true, max_length, return_tensors: 'pt' },
      )
      const labels = torch.tensor(batch.map(({ label }) => label))
      const { loss } = await model.forwardAsync({ ...encoded, labels })
      if (loss === undefined) throw new Error('no labels, no loss')
      await loss.backwardAsync()
      torch.nn.utils.clip_grad_norm_(trained, 1)
      optimizer.step()
      scheduler.step()
      model.zero_grad()
      progress.step({ loss: loss.item(), tokens: encoded.attention_mask.sum().item() })
    }
  }
  progress.stop()
  model.eval() // no dropout any more
}
