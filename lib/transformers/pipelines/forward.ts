/** One batch through a model. */

import { no_grad } from '../../torch/modes.js'
import { native } from '../../torch/native.js'
import type { Tensor } from '../../torch/tensor.js'
import type { EncoderConfig } from '../modeling/encoder-configuration.js'
import type { DecoderInputs } from '../modeling/inputs.js'
import type { PreTrainedModel } from '../modeling/pretrained-model.js'
import type { PreTrainedTokenizer } from '../tokenization/pretrained-tokenizer.js'
import type { ModelRow } from './model-rows.js'

/** Any tokenizer of this package. */
export type PipelineTokenizer = PreTrainedTokenizer<null>

/** A model that gives these outputs. */
export type PipelineModel<Outputs> = PreTrainedModel<DecoderInputs, Outputs, EncoderConfig>

/** What the model gives for rows, padded to the longest, off the event loop and without gradients. */
export async function forward<Outputs extends object>(
  model: PipelineModel<Outputs>,
  tokenizer: PipelineTokenizer,
  rows: readonly ModelRow[],
): Promise<Outputs> {
  // On the right whatever the tokenizer's side: BERT counts positions from the left.
  const padded = await tokenizer.pad(rows, { padding_side: 'right', return_tensors: 'pt' })
  const inputs = { ...padded.to(model.device) } as unknown as Record<string, Tensor>
  try {
    let pending: Promise<Outputs> | undefined
    no_grad(() => {
      pending = model.forwardAsync({
        ...inputs,
        use_cache: false,
        output_hidden_states: false,
        output_attentions: false,
      })
    })
    return await (pending as unknown as Promise<Outputs>)
  } finally {
    for (const tensor of Object.values(inputs)) tensor.dispose()
  }
}

export function disposeOutputs(outputs: object): void {
  for (const value of Object.values(outputs)) if (native.isTensor(value)) (value as Tensor).dispose()
}
