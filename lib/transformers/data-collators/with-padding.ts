import { Callable } from '../tokenization/callable.js'
import {
  type CollatedBatch,
  type CollatorTokenizer,
  type Example,
  joinValues,
  type LabelType,
  labelNameOf,
  type PaddingOptions,
  padExamples,
  requireExamples,
  withoutColumns,
} from './examples.js'

/** Options of `DataCollatorWithPadding`. */
export interface DataCollatorWithPaddingOptions extends PaddingOptions {
  tokenizer: CollatorTokenizer
  /** As of `default_data_collator`. */
  labelType?: LabelType
}

export interface DataCollatorWithPadding {
  (features: readonly Example[]): Promise<CollatedBatch>
}

/**
 * Brings tokenized texts to the length of the longest in the batch. `label` and `label_ids` become `labels`. Call it with
 * examples. Reference: `transformers.DataCollatorWithPadding`.
 *
 * @throws ArgumentError for values of which no tensor can be made.
 */
export class DataCollatorWithPadding extends Callable {
  readonly options: DataCollatorWithPaddingOptions

  constructor(options: DataCollatorWithPaddingOptions) {
    super()
    this.options = options
  }

  protected async call(features: readonly Example[]): Promise<CollatedBatch> {
    requireExamples(features)
    const { tokenizer, labelType } = this.options
    const name = labelNameOf(features[0] as Example)
    const batch = await padExamples(
      tokenizer,
      features.map((feature) => withoutColumns(feature, ['label', 'labels', 'label_ids'])),
      this.options,
    )
    if (name === undefined) return batch
    return {
      ...batch,
      labels: joinValues(
        name,
        features.map((feature) => feature[name]),
        labelType,
      ),
    }
  }
}
