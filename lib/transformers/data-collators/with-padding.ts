import {
  type CollatedBatch,
  type Example,
  joinValues,
  type LabelType,
  labelNameOf,
  padExamples,
  withoutColumns,
} from './examples.js'
import { PaddingCollator, type PaddingCollatorOptions } from './padding-collator.js'

/** Options of `DataCollatorWithPadding`. */
export interface DataCollatorWithPaddingOptions extends PaddingCollatorOptions {
  /** As of `default_data_collator`. */
  labelType?: LabelType
}

/**
 * Brings tokenized texts to the length of the longest in the batch. `label` and `label_ids` become `labels`. Call it with
 * examples. Reference: `transformers.DataCollatorWithPadding`.
 *
 * @throws ArgumentError for values of which no tensor can be made.
 */
export class DataCollatorWithPadding extends PaddingCollator<DataCollatorWithPaddingOptions> {
  protected override async collate(features: readonly Example[]): Promise<CollatedBatch> {
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
