/** What the collators that pad texts share: their options, and that they are called with examples. */

import { Callable } from '../tokenization/callable.js'
import {
  type CollatedBatch,
  type CollatorTokenizer,
  type Example,
  type PaddingOptions,
  requireExamples,
} from './examples.js'

/** Options of every collator that pads. */
export interface PaddingCollatorOptions extends PaddingOptions {
  tokenizer: CollatorTokenizer
}

// biome-ignore lint/correctness/noUnusedVariables: declarations that merge must name the same parameters
export interface PaddingCollator<Options extends PaddingCollatorOptions> {
  (features: readonly Example[]): Promise<CollatedBatch>
}

export abstract class PaddingCollator<Options extends PaddingCollatorOptions> extends Callable {
  readonly options: Options

  constructor(options: Options) {
    super()
    this.options = options
  }

  protected async call(features: readonly Example[]): Promise<CollatedBatch> {
    requireExamples(features)
    return this.collate(features)
  }

  protected abstract collate(features: readonly Example[]): Promise<CollatedBatch>
}
