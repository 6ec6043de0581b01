/** transformers Trainer.evaluation_loop: a data set through the model, results joined in order. */

import { no_grad } from '../../torch/modes.js'
import { native } from '../../torch/native.js'
import { operator } from '../../torch/operators.js'
import type { Tensor } from '../../torch/tensor.js'
import { float32Mean } from './float32-mean.js'

const cat = operator<(tensors: readonly Tensor[], dim: number) => Tensor>('aten::cat')

/** transformers EvalPrediction: what `compute_metrics` is given. Tensors are on the CPU; rows that were padded hold -100. */
export interface EvalPrediction {
  /** (examples, …): the model's outputs but the loss, a list when there are several. */
  predictions: Tensor | Tensor[]
  /** The labels, a list when there are several; undefined without labels. */
  label_ids: Tensor | Tensor[] | undefined
}

/** One batch: its loss, outputs and labels. */
export interface PredictionStep {
  loss: Tensor | undefined
  logits: Tensor[]
  labels: Tensor[]
}

/** What a whole data set gave. */
export interface EvalLoopOutput {
  predictions: Tensor | Tensor[] | undefined
  label_ids: Tensor | Tensor[] | undefined
  /** Mean loss of the examples; undefined without labels. */
  loss: number | undefined
  num_samples: number
}

/** transformers nested_concat: rows below rows, the second dimension filled up with -100 where it differs. */
export function concatenateRows(parts: readonly Tensor[]): Tensor {
  const width = Math.max(...parts.map((part) => (part.dim() > 1 ? part.size(1) : 0)))
  const padded = parts.map((part) => {
    if (part.dim() < 2 || part.size(1) === width) return part
    const shape = part.shape
    shape[1] = width
    const wide = part.new_full(shape, -100)
    wide.narrow(1, 0, part.size(1)).copy_(part)
    return wide
  })
  return cat(padded, 0)
}

const oneOrList = (lists: Tensor[]): Tensor | Tensor[] | undefined => (lists.length > 1 ? lists : lists[0])

/** Collects the steps of an evaluation. */
export class EvaluationResults {
  readonly #logits: Tensor[][] = []
  readonly #labels: Tensor[][] = []
  readonly #losses: number[] = []
  #samples = 0

  add({ loss, logits, labels }: PredictionStep, rows: number): void {
    this.#samples += rows
    if (loss) {
      // A batch's loss counts once for each of its examples.
      const value = loss.item()
      for (let i = 0; i < rows; i++) this.#losses.push(value)
    }
    for (const [i, tensor] of logits.entries()) push(this.#logits, i, tensor)
    for (const [i, tensor] of labels.entries()) push(this.#labels, i, tensor)
  }

  finish(): EvalLoopOutput {
    return no_grad(() => ({
      predictions: oneOrList(this.#logits.map(concatenateRows)),
      label_ids: oneOrList(this.#labels.map(concatenateRows)),
      loss: this.#losses.length > 0 ? float32Mean(this.#losses) : undefined,
      num_samples: this.#samples,
    }))
  }
}

function push(lists: Tensor[][], at: number, tensor: Tensor): void {
  const list = lists[at] ?? []
  lists[at] = list
  list.push(tensor.detach().cpu())
}

/** The outputs of a model but the loss, without what is no tensor. */
export const logitsOf = (outputs: object): Tensor[] =>
  Object.entries(outputs)
    .filter(([name, value]) => name !== 'loss' && native.isTensor(value))
    .map(([, value]) => value as Tensor)
