import { ArgumentError } from '../../errors.js'
import {
  type CollatedBatch,
  type Example,
  joinValues,
  labelNameOf,
  padExamples,
  withoutColumns,
} from './examples.js'
import { PaddingCollator, type PaddingCollatorOptions } from './padding-collator.js'

/** Options of `DataCollatorForTokenClassification`. */
export interface DataCollatorForTokenClassificationOptions extends PaddingCollatorOptions {
  /** The label of padding. Default -100, which losses leave out. */
  label_pad_token_id?: number
}

/**
 * Brings tokenized texts and their labels, one per token, to one length. Call it with examples that carry `labels` (or
 * `label`). Reference: `transformers.DataCollatorForTokenClassification`.
 *
 * @throws ArgumentError for an example that has not as many labels as tokens.
 */
export class DataCollatorForTokenClassification extends PaddingCollator<DataCollatorForTokenClassificationOptions> {
  protected override async collate(features: readonly Example[]): Promise<CollatedBatch> {
    const { tokenizer, label_pad_token_id = -100 } = this.options
    const name = labelNameOf(features[0] as Example)
    const others = name === undefined ? features : features.map((feature) => withoutColumns(feature, [name]))
    const batch = await padExamples(tokenizer, others, this.options)
    if (name === undefined) return batch
    const length = batch.input_ids?.shape[1] as number
    const rows = features.map((feature, i) => {
      const labels = Array.from(feature[name] as ArrayLike<number | bigint>, Number)
      const tokens = (feature.input_ids as ArrayLike<number>).length
      if (labels.length !== tokens) {
        throw new ArgumentError(
          `example ${i} of the batch has ${tokens} tokens and ${labels.length} ${name}`,
          {
            hint: 'give special tokens and the rest of a word -100; truncation must shorten both',
          },
        )
      }
      const filling = new Array<number>(length - labels.length).fill(label_pad_token_id)
      return tokenizer.padding_side === 'left' ? [...filling, ...labels] : [...labels, ...filling]
    })
    return { ...batch, labels: joinValues(name, rows, 'int64') }
  }
}
