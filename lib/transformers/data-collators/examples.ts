/** What collators share: examples by name, their labels, tensors of them. */

import { ArgumentError } from '../../errors.js'
import { as_tensor } from '../../torch/as-tensor.js'
import { tensor } from '../../torch/creation.js'
import { native } from '../../torch/native.js'
import { operator } from '../../torch/operators.js'
import type { Tensor } from '../../torch/tensor.js'
import type { PadOptions } from '../tokenization/pad.js'
import type { PreTrainedTokenizer } from '../tokenization/pretrained-tokenizer.js'

/** One example: what a tokenizer gives for a text, and labels. */
export type Example = Readonly<Record<string, unknown>>

/** Tensors by the names that a model takes. */
export type CollatedBatch = Record<string, Tensor>

/** What collators need of a tokenizer; null where it lacks a special token. */
export type CollatorTokenizer = Pick<
  PreTrainedTokenizer<null>,
  'pad' | 'padding_side' | 'pad_token_id' | 'mask_token_id' | 'get_special_tokens_mask' | 'length'
>

/** How rows are brought to one length. */
export interface PaddingOptions {
  /** true or 'longest' (default): to the longest of the batch; 'max_length': to `max_length` or what the model takes. */
  padding?: PadOptions['padding']
  /** Tokens. */
  max_length?: number
  /** Rounds the length up. */
  pad_to_multiple_of?: number
}

export type LabelType = 'int64' | 'float32'

const stack = operator<(tensors: Tensor[]) => Tensor>('aten::stack')

/** @throws ArgumentError without examples. */
export function requireExamples(examples: readonly unknown[]): void {
  if (examples.length === 0)
    throw new ArgumentError('a data collator was given 0 examples, at least 1 is needed')
}

const isTensor = (value: unknown): value is Tensor => native.isTensor(value)

type Nested = number | bigint | boolean | Nested[]

/** Lists and typed arrays as lists. */
function plain(value: unknown): unknown {
  if (isTensor(value)) return value.tolist()
  if (ArrayBuffer.isView(value)) return Array.from(value as Int32Array)
  return Array.isArray(value) ? value.map(plain) : value
}

const isWhole = (value: unknown): boolean =>
  Array.isArray(value) ? value.every(isWhole) : typeof value !== 'number' || Number.isInteger(value)

/**
 * Joins the values of all examples as a tensor: int64 where all are whole, bool for truths, else float32.
 *
 * @throws ArgumentError naming the first example that has no such value, or another shape.
 */
export function joinValues(name: string, values: readonly unknown[], dtype?: LabelType): Tensor {
  const missing = values.findIndex((value) => value === undefined || value === null)
  if (missing >= 0)
    throw new ArgumentError(`example ${missing} of the batch has no ${name}, which another has`)
  if (values.every(isTensor)) return stack(values as Tensor[])
  const lists = values.map(plain)
  const shapes = lists.map((list) => shapeOf(list, name).join('×'))
  const odd = shapes.findIndex((shape) => shape !== shapes[0])
  if (odd >= 0) {
    throw new ArgumentError(
      `${name} of example ${odd} has the shape ${shapes[odd] || 'of one number'}, of example 0 ${shapes[0] || 'that of one number'}`,
      { hint: 'DataCollatorWithPadding brings rows of tokens to one length; or tokenize with padding' },
    )
  }
  const isTruth = typeof lists.flat(Number.POSITIVE_INFINITY)[0] === 'boolean'
  const found = isTruth ? undefined : lists.every(isWhole) ? 'int64' : 'float32'
  return tensor(lists as Nested[], { dtype: dtype ?? found ?? 'bool' })
}

function shapeOf(value: unknown, name: string): number[] {
  if (Array.isArray(value)) return [value.length, ...(value.length > 0 ? shapeOf(value[0], name) : [])]
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return []
  throw new ArgumentError(`${name} holds a ${typeof value}, of which no tensor can be made`, {
    hint: `remove the column first: dataset.remove_columns('${name}')`,
  })
}

const labelNames = ['label', 'labels', 'label_ids'] as const

/** The name under which examples carry their labels. */
export const labelNameOf = (example: Example): string | undefined =>
  labelNames.find((name) => example[name] !== undefined && example[name] !== null)

/** An example without some of its columns. */
export const withoutColumns = (example: Example, names: readonly string[]): Example =>
  Object.fromEntries(Object.entries(example).filter(([name]) => !names.includes(name)))

/**
 * Pads examples by the tokenizer.
 *
 * @throws ArgumentError for a column of which no tensor can be made; what `tokenizer.pad` throws.
 */
export async function padExamples(
  tokenizer: CollatorTokenizer,
  examples: readonly Example[],
  options: PaddingOptions,
): Promise<CollatedBatch> {
  for (const [name, value] of Object.entries(examples[0] ?? {})) {
    if (typeof value === 'string') shapeOf(value, name)
  }
  const { padding, max_length, pad_to_multiple_of } = options
  const padded = await tokenizer.pad([...examples], {
    ...(padding === undefined ? {} : { padding }),
    ...(max_length === undefined ? {} : { max_length }),
    ...(pad_to_multiple_of === undefined ? {} : { pad_to_multiple_of }),
    return_tensors: 'pt',
  })
  return Object.fromEntries(Object.entries(padded).map(([name, value]) => [name, as_tensor(value as Tensor)]))
}
