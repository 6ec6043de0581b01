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

/** Options of `DataCollatorForMultipleChoice`. */
export type DataCollatorForMultipleChoiceOptions = PaddingCollatorOptions

/**
 * Brings questions, each with the same number of tokenized choices (`input_ids: [[…], […]]`), to tensors of
 * (questions, choices, tokens). Reference: `transformers.DataCollatorForMultipleChoice`.
 *
 * @throws ArgumentError for questions with other numbers of choices.
 */
export class DataCollatorForMultipleChoice extends PaddingCollator<DataCollatorForMultipleChoiceOptions> {
  protected override async collate(features: readonly Example[]): Promise<CollatedBatch> {
    const label = labelNameOf(features[0] as Example)
    const questions = features.map((feature) => withoutColumns(feature, label === undefined ? [] : [label]))
    const choices = lengthOf(questions[0]?.input_ids)
    const flat = questions.flatMap((question, i) => splitChoices(question, choices, i))
    const batch = await padExamples(this.options.tokenizer, flat, this.options)
    for (const [name, tensor] of Object.entries(batch)) {
      batch[name] = tensor.view([features.length, choices, -1])
    }
    if (label === undefined) return batch
    return {
      ...batch,
      labels: joinValues(
        label,
        features.map((feature) => feature[label]),
        'int64',
      ),
    }
  }
}

const lengthOf = (values: unknown): number =>
  Array.isArray(values) || ArrayBuffer.isView(values) ? (values as unknown as ArrayLike<unknown>).length : 0

function splitChoices(question: Example, choices: number, index: number): Example[] {
  for (const [name, values] of Object.entries(question)) {
    const length = lengthOf(values)
    if (length === choices) continue
    throw new ArgumentError(
      `${name} of example ${index} of the batch has ${length} choices, example 0 has ${choices}`,
    )
  }
  return Array.from({ length: choices }, (_, choice) =>
    Object.fromEntries(
      Object.entries(question).map(([name, values]) => [name, (values as ArrayLike<unknown>)[choice]]),
    ),
  )
}
