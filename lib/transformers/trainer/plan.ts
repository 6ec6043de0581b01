/** transformers Trainer.set_initial_training_values: how much there is to do. */

import { ArgumentError } from '../../errors.js'
import type { BatchSampler } from '../../torch/utils/data.js'
import type { Batch } from './model-step.js'
import type { TrainingArguments } from './training-arguments.js'

/** The data of an epoch: a DataLoader, whatever its examples are. */
export interface Loader {
  readonly length: number
  readonly batch_sampler: BatchSampler | null
  readonly dataset: { readonly length?: number | undefined }
  makers(): Iterator<() => Batch | Promise<Batch>>
}

export interface Plan {
  /** Batches in an epoch. */
  batches: number
  updates: number
  epochs: number
  max_steps: number
}

/** @throws ArgumentError for data of unknown length without `max_steps`, and for none at all. */
export function planTraining(args: TrainingArguments, loader: Loader): Plan {
  const known = loader.batch_sampler !== null || loader.dataset.length !== undefined
  if (!known && args.max_steps < 0) {
    throw new ArgumentError('max_steps must be above 0 where the length of the data is not known')
  }
  const batches = known ? loader.length : args.max_steps * args.gradient_accumulation_steps
  if (batches === 0) throw new ArgumentError('the train_dataset has not a single batch')
  const updates = Math.max(Math.ceil(batches / args.gradient_accumulation_steps), 1)
  const epochBased = args.max_steps < 0
  const max_steps = epochBased ? Math.ceil(args.num_train_epochs * updates) : args.max_steps
  const epochs = epochBased ? Math.ceil(args.num_train_epochs) : Math.ceil(max_steps / updates)
  return { batches, updates, epochs, max_steps }
}
