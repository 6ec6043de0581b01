import {
  type CollatedBatch,
  type Example,
  joinValues,
  type LabelType,
  labelNameOf,
  requireExamples,
  withoutColumns,
} from './examples.js'

/** Options of `default_data_collator`. */
export interface DefaultDataCollatorOptions {
  /**
   * What labels become. Default: int64 where all of the batch are whole, else float32. JavaScript does not tell 5 from
   * 5.0: give 'float32' for scores, as of STS-B.
   */
  labelType?: LabelType
}

/**
 * Joins examples whose values have the same shapes. `label` and `label_ids` become `labels`; texts and nulls are left
 * out. Reference: `transformers.default_data_collator`.
 *
 * @throws ArgumentError for values that do not fit together.
 */
export function default_data_collator(
  features: readonly Example[],
  { labelType }: DefaultDataCollatorOptions = {},
): CollatedBatch {
  requireExamples(features)
  const batch: CollatedBatch = {}
  const first = features[0] as Example
  const labels = labelNameOf(first)
  if (labels !== undefined) {
    batch.labels = joinValues(
      labels,
      features.map((feature) => feature[labels]),
      labelType,
    )
  }
  for (const [name, value] of Object.entries(withoutColumns(first, ['label', 'labels', 'label_ids']))) {
    if (value === null || value === undefined || typeof value === 'string') continue
    batch[name] = joinValues(
      name,
      features.map((feature) => feature[name]),
    )
  }
  return batch
}
