/** Data collators of Transformers: examples as a batch of tensors. */

export { type DefaultDataCollatorOptions, default_data_collator } from './default-data-collator.js'
export type {
  CollatedBatch,
  CollatorTokenizer,
  Example as CollatorExample,
  LabelType as CollatorLabelType,
  PaddingOptions as CollatorPaddingOptions,
} from './examples.js'
export {
  DataCollatorForLanguageModeling,
  type DataCollatorForLanguageModelingOptions,
} from './language-modeling.js'
export {
  DataCollatorForMultipleChoice,
  type DataCollatorForMultipleChoiceOptions,
} from './multiple-choice.js'
export {
  DataCollatorForTokenClassification,
  type DataCollatorForTokenClassificationOptions,
} from './token-classification.js'
export { DataCollatorWithPadding, type DataCollatorWithPaddingOptions } from './with-padding.js'
