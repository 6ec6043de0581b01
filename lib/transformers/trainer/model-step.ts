/** One batch through the model, off the event loop: for training, and for evaluation. */

import { ArgumentError } from '../../errors.js'
import type { Device } from '../../torch/device.js'
import { no_grad } from '../../torch/modes.js'
import { native } from '../../torch/native.js'
import type { AnyModule } from '../../torch/nn/module.js'
import type { Tensor } from '../../torch/tensor.js'
import { logitsOf, type PredictionStep } from './evaluation.js'
import { type LogitOutputs, smoothedLoss } from './label-smoother.js'

/** Named inputs of a model, labels among them. */
export type Batch = Record<string, unknown>

/** A model of this package, or any module that takes named inputs and gives outputs with a `loss`. */
export type TrainableModel = AnyModule & {
  forwardAsync?(inputs: never): Promise<unknown>
  save_pretrained?(folder: string): Promise<void>
  num_parameters?(options: { exclude_embeddings?: boolean }): number
  gradient_checkpointing_enable?(): void
}

/** Gives the loss of a batch from the model's outputs; called on the event loop, so it should be short. */
export type ComputeLoss = (outputs: never, labels: Tensor | undefined) => Tensor

export interface LossRules {
  label_smoothing_factor: number
  compute_loss_func: ComputeLoss | undefined
}

/** The inputs on the model's device. */
export function prepareInputs(batch: Batch, device: Device): Batch {
  const moved = Object.entries(batch).map(([name, value]) => [
    name,
    native.isTensor(value) ? (value as Tensor).to(device) : value,
  ])
  return Object.fromEntries(moved)
}

/** The model's outputs, with the grad mode of the moment of the call. */
export async function forward(model: TrainableModel, inputs: Batch): Promise<object> {
  const outputs = model.forwardAsync
    ? await model.forwardAsync(inputs as never)
    : (model as unknown as (inputs: Batch) => unknown)(inputs)
  if (typeof outputs !== 'object' || outputs === null) {
    throw new ArgumentError(`the model gave ${typeof outputs}, not outputs by name`, {
      hint: 'return { loss, logits } from forward',
    })
  }
  return outputs
}

/** transformers Trainer.compute_loss */
export async function computeLoss(
  model: TrainableModel,
  inputs: Batch,
  { label_smoothing_factor: epsilon, compute_loss_func }: LossRules,
): Promise<{ loss: Tensor; outputs: object }> {
  const own = compute_loss_func !== undefined || epsilon > 0
  const { labels, ...others } = inputs as { labels?: Tensor }
  const outputs = await forward(model, own ? others : inputs)
  if (compute_loss_func) return { loss: compute_loss_func(outputs as never, labels), outputs }
  if (own && labels) {
    const shift_labels = /ForCausalLM$/.test(model.constructor.name)
    return { loss: smoothedLoss(outputs as LogitOutputs, labels, { epsilon, shift_labels }), outputs }
  }
  const { loss } = outputs as { loss?: Tensor }
  if (!loss) {
    throw new ArgumentError(
      `the model did not return a loss, only ${Object.keys(outputs).join(', ')}; it was given ${Object.keys(inputs).join(', ')}`,
      { hint: 'the batches need labels, or the Trainer a compute_loss_func' },
    )
  }
  return { loss, outputs }
}

/** transformers Trainer.prediction_step: without gradients. */
export async function predictionStep(
  model: TrainableModel,
  inputs: Batch,
  {
    label_names,
    prediction_loss_only,
    ...rules
  }: LossRules & {
    label_names: readonly string[]
    prediction_loss_only: boolean
  },
): Promise<PredictionStep> {
  const labels = label_names.map((name) => inputs[name]).filter((value) => native.isTensor(value)) as Tensor[]
  const labelled = labels.length === label_names.length
  // The mode holds for what is called before the first await: the forward pass.
  const { loss, outputs } = await withoutGradients<{ loss?: Tensor; outputs: object }>(() =>
    labelled
      ? computeLoss(model, inputs, rules)
      : forward(model, inputs).then((given) => ({ outputs: given })),
  )
  return {
    loss,
    logits: prediction_loss_only ? [] : logitsOf(outputs),
    labels: prediction_loss_only || !labelled ? [] : labels,
  }
}

function withoutGradients<T>(start: () => Promise<T>): Promise<T> {
  const grad = no_grad()
  try {
    return start()
  } finally {
    grad[Symbol.dispose]()
  }
}
