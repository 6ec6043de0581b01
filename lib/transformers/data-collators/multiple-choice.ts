import { ArgumentError } from '../../errors.js'
import { Callable } from '../tokenization/callable.js'
import {
  type CollatedBatch,
  type CollatorTokenizer,
  type Example,
  joinValues,
  labelNameOf,
  type PaddingOptions,
  padExamples,
  requireExamples,
  withoutColumns,
} from './examples.js'

/** Options of `DataCollatorForMultipleChoice`. */
export interface DataCollatorForMultipleChoiceOptions extends PaddingOptions {
  tokenizer: CollatorTokenizer
}

export interface DataCollatorForMultipleChoice {
  (features: readonly Example[]): Promise<CollatedBatch>
}

/**
 * Brings questions, each with the same number of tokenized choices (`input_ids: [[…], […]]`), to tensors of
 * (questions, choices, tokens). Reference: `transformers.DataCollatorForMultipleChoice`.
 *
 * @throws ArgumentError for questions with other numbers of choices.
 */
export class DataCollatorForMultipleChoice extends Callable {
  readonly options: DataCollatorForMultipleChoiceOptions

  constructor(options: DataCollatorForMultipleChoiceOptions) {
    super()
    this.options = options
  }

  protected async call(features: readonly Example[]): Promise<CollatedBatch> {
    requireExamples(features)
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
