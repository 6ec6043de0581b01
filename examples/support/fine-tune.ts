import { type AutoModelForSequenceClassification, type PipelineTokenizer, torch } from 'robertorch'

import { train } from './training-loop.js'

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

/** Trains a classifier on texts. */
export function fineTune(
  model: Classifier,
  tokenizer: PipelineTokenizer,
  examples: readonly LabelledText[],
  { epochs, max_length }: FineTuneOptions,
): Promise<void> {
  return train(
    model,
    examples,
    async (batch) => {
      const encoded = await tokenizer(
        batch.map(({ text }) => text),
        { padding: true, truncation: true, max_length, return_tensors: 'pt' },
      )
      return { ...encoded, labels: torch.tensor(batch.map(({ label }) => label)) }
    },
    { epochs },
  )
}
