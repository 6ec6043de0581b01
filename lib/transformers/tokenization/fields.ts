import { ArgumentError } from '../../errors.js'
import type { Tensor } from '../../torch/tensor.js'
import { PackedColumns } from './column.js'
import type { Encoding, NumberColumn } from './encoding.js'
import type { EncodeOptions } from './options.js'
import type { Span } from './sequence.js'

/** A row-major int64 array with its shape, the counterpart of a NumPy array. */
export interface Int64Values {
  readonly data: BigInt64Array
  readonly shape: readonly number[]
}

/** Type of `input_ids` and the other fields of one value per token, by input and options. */
export type TokenField<Text, Options> = Options extends { return_tensors: 'pt' }
  ? Tensor
  : Options extends { return_tensors: 'np' }
    ? Int64Values
    : Options extends { return_overflowing_tokens: true }
      ? number[][]
      : Text extends string
        ? number[]
        : Options extends { is_split_into_words: true }
          ? Text extends readonly (readonly string[])[]
            ? number[][]
            : number[]
          : number[][]

/** Any type that a field of one value per token can have. */
export type AnyTokenField = number[] | number[][] | Int64Values | Tensor

/** Type of `offset_mapping` beside fields of type `Field`: `[start, end)` per token. */
export type OffsetField<Field> = Field extends number[][] ? Span[][] : Field extends number[] ? Span[] : Field

/** Type of `length` and `overflow_to_sample_mapping`, one value per row, beside fields of type `Field`. */
export type RowField<Field> = Field extends number[] | number[][] ? number[] : Field

/** The fields of a tokenizer's answer. */
export interface EncodingFields<Field = AnyTokenField> {
  /** Token ids. Tensors and typed arrays: (rows, tokens) int64. */
  input_ids: Field
  /** 1 for tokens, 0 for padding. Absent with `return_attention_mask: false`. */
  attention_mask: Field
  token_type_ids?: Field
  special_tokens_mask?: Field
  /** Characters of each token. Tensors and typed arrays: (rows, tokens, 2) int64. */
  offset_mapping?: OffsetField<Field>
  /** Tokens of each row, padding included. Tensors and typed arrays: (rows) int64. */
  length?: RowField<Field>
  /** Index of the text that each row was cut from. Tensors and typed arrays: (rows) int64. */
  overflow_to_sample_mapping?: RowField<Field>
}

type Values = number[] | number[][] | Span[] | Span[][]

/**
 * Int64 array of rows of numbers or of `[start, end]`.
 * @throws ArgumentError if the rows differ in length
 */
function pack(name: string, rows: Values): Int64Values {
  const shape = shapeOf(name, rows)
  const data = new BigInt64Array(shape.reduce((size, extent) => size * extent, 1))
  // Ids are below 2^31 and every platform of LibTorch is little-endian, so writing the low halves saves making
  // one BigInt per token.
  const low = new Int32Array(data.buffer)
  let at = 0
  const write = (values: readonly (number | Span | readonly number[] | readonly Span[])[]) => {
    for (const value of values) {
      if (typeof value === 'number') {
        low[at] = value
        at += 2
      } else {
        write(value)
      }
    }
  }
  write(rows)
  return { data, shape }
}

function requireSameLength(name: string, lengths: readonly number[]): void {
  const ragged = lengths.findIndex((length) => length !== lengths[0])
  if (ragged < 0) return
  throw new ArgumentError(
    `cannot make one array of ${name}: row 0 has ${lengths[0]} tokens, row ${ragged} has ${lengths[ragged]}`,
    { hint: 'pass padding: true (and truncation: true) so that all rows have the same length' },
  )
}

function shapeOf(name: string, rows: Values): number[] {
  const [first] = rows
  if (!Array.isArray(first)) return [rows.length]
  requireSameLength(
    name,
    (rows as readonly (readonly unknown[])[]).map((row) => row.length),
  )
  return [rows.length, first.length, ...(name === 'offset_mapping' ? [2] : [])]
}

/** Fields of one number per token, and the columns of a row that they come from. */
function numberColumns(options: EncodeOptions, modelInputNames: readonly string[]) {
  const wanted = (option: boolean | undefined, name: string) => option ?? modelInputNames.includes(name)
  const columns: [keyof EncodingFields, NumberColumn][] = [['input_ids', 'ids']]
  if (wanted(options.return_token_type_ids, 'token_type_ids')) columns.push(['token_type_ids', 'type_ids'])
  if (wanted(options.return_attention_mask, 'attention_mask')) {
    columns.push(['attention_mask', 'attention_mask'])
  }
  if (options.return_special_tokens_mask) columns.push(['special_tokens_mask', 'special_tokens_mask'])
  return columns
}

/** Writes a column of all rows into one typed array, with no arrays of the rows between. */
function packRows(name: string, rows: readonly Encoding[], column: NumberColumn): Int64Values {
  const length = rows[0]?.length ?? 0
  requireSameLength(
    name,
    rows.map((row) => row.length),
  )
  const packed = new PackedColumns(rows.length, length)
  for (const [i, row] of rows.entries()) {
    packed.row = i
    row.write(column, packed)
  }
  return { data: packed.data, shape: [rows.length, length] }
}

/**
 * Makes the fields that the options ask for.
 * @param batched false: fields of arrays lose the row axis, as in Python's `encode_plus`
 * @param samples index of the input that each row was cut from
 */
export async function makeFields(
  rows: readonly Encoding[],
  samples: readonly number[],
  options: EncodeOptions,
  modelInputNames: readonly string[],
  batched: boolean,
): Promise<EncodingFields> {
  const columns = numberColumns(options, modelInputNames)
  const offsets: [string, Values][] = options.return_offsets_mapping
    ? [['offset_mapping', rows.map((row) => row.offsets)]]
    : []
  const perRow: [string, Values][] = []
  if (options.return_length) perRow.push(['length', rows.map((row) => row.length)])
  if (options.return_overflowing_tokens) perRow.push(['overflow_to_sample_mapping', [...samples]])
  if (options.return_tensors) {
    const packed = columns.map(([name, column]) => [name, packRows(name, rows, column)] as const)
    const others = [...offsets, ...perRow].map(([name, values]) => [name, pack(name, values)] as const)
    return (await inForm([...packed, ...others], options.return_tensors)) as never
  }
  const nested: [string, Values][] = [
    ...columns.map(([name, column]): [string, Values] => [name, rows.map((row) => row[column])]),
    ...offsets,
  ]
  const all = [...nested, ...perRow]
  if (batched || options.return_overflowing_tokens) return Object.fromEntries(all) as never
  const single = nested.map(([name, values]) => [name, values[0]])
  return Object.fromEntries([...single, ...perRow]) as never
}

/**
 * Makes one array or tensor of each field.
 * @throws ArgumentError if the rows of one differ in length
 */
export async function packAll(
  fields: readonly (readonly [name: string, values: Values])[],
  form: 'pt' | 'np',
): Promise<Record<string, Int64Values | Tensor>> {
  return inForm(
    fields.map(([name, values]) => [name, pack(name, values)] as const),
    form,
  )
}

async function inForm(
  packed: readonly (readonly [name: string, values: Int64Values])[],
  form: 'pt' | 'np',
): Promise<Record<string, Int64Values | Tensor>> {
  if (form === 'np') return Object.fromEntries(packed)
  // Loaded on demand: whoever only wants ids needs no LibTorch. tensor.js gives tensors their methods.
  const [{ fromTypedArray }] = await Promise.all([
    import('../../torch/creation.js'),
    import('../../torch/tensor.js'),
  ])
  return Object.fromEntries(packed.map(([name, { data, shape }]) => [name, fromTypedArray(data, shape)]))
}
