import { ArgumentError } from '../../errors.js'
import { type Int64Values, packAll } from './fields.js'
import type { EncodeOptions } from './options.js'
import { paddedLength, resolveStrategies } from './strategies.js'
import type { Side } from './truncation.js'
import type { Warnings } from './warnings.js'

/** Rows that `pad` brings to one length: fields of rows, or rows of fields. */
export type PadInput = object | readonly object[]

export const PAD_OPTIONS = [
  'padding',
  'max_length',
  'pad_to_multiple_of',
  'padding_side',
  'return_attention_mask',
  'return_tensors',
  'verbose',
] as const

/**
 * Options of `pad`, as those of a tokenizer call. `padding` is true unless it is given; `return_tensors` is what was
 * put in.
 */
export type PadOptions = Pick<EncodeOptions, (typeof PAD_OPTIONS)[number]>

/** What the tokenizer contributes. */
export interface PadContext {
  readonly side: Side
  readonly pad: { readonly id: number; readonly typeId: number } | undefined
  readonly modelInputNames: readonly string[]
  readonly modelMaxLength: number
  readonly warn: Warnings | undefined
}

type Row = number[]

/** Fields as arrays: tensors and typed arrays are what calls with `return_tensors` give. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'object' || value === null) return value
  if ('tolist' in value && typeof value.tolist === 'function') return plain(value.tolist())
  if (ArrayBuffer.isView(value)) return Array.from(value as BigInt64Array, Number)
  if (Array.isArray(value)) return value.map(plain)
  const { data, shape } = value as Partial<Int64Values>
  if (!data || !shape) return value
  const [rows = 0, columns] = shape
  const numbers = Array.from(data, Number)
  if (columns === undefined) return numbers
  return Array.from({ length: rows }, (_, i) => numbers.slice(i * columns, (i + 1) * columns))
}

/** The form of fields: tensors, typed arrays, or none of both. */
function formOf(given: PadInput): 'pt' | 'np' | undefined {
  const { input_ids } = (Array.isArray(given) ? given[0] : given) as { input_ids?: unknown }
  if (typeof input_ids !== 'object' || input_ids === null || Array.isArray(input_ids)) return undefined
  if ('tolist' in input_ids) return 'pt'
  return 'data' in input_ids ? 'np' : undefined
}

/** Only whole numbers become int64. */
function checkWhole(name: string, values: unknown): void {
  if (Array.isArray(values)) for (const value of values) checkWhole(name, value)
  else if (!Number.isSafeInteger(values)) {
    throw new ArgumentError(`${name} holds ${String(values)}: pad makes tensors of whole numbers only`, {
      hint: `take ${name} out before pad, and make its tensor with torch.tensor`,
    })
  }
}

function toColumns(given: PadInput): Record<string, unknown[]> {
  const rows = Array.isArray(given) ? given : undefined
  if (!rows)
    return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, plain(value) as unknown[]]))
  if (rows.length === 0) throw new ArgumentError('pad was given 0 rows, at least 1 is needed')
  const names = Object.keys(rows[0] ?? {})
  return Object.fromEntries(
    names.map((name) => [
      name,
      rows.map((row: Record<string, unknown>, i) => {
        if (row[name] === undefined) throw new ArgumentError(`row ${i} has no ${name}, which row 0 has`)
        return plain(row[name])
      }),
    ]),
  )
}

/**
 * Pads ids, masks and token types; other fields stay as they are. Returns the fields.
 * Reference: `PreTrainedTokenizerBase.pad` of Transformers 4.57.
 * @throws ArgumentError
 */
export async function padRows(
  given: PadInput,
  options: PadOptions,
  context: PadContext,
): Promise<Record<string, unknown>> {
  if (typeof given !== 'object' || given === null) {
    throw new ArgumentError(
      `pad takes an encoding or an array of them, got ${given === null ? 'null' : typeof given}`,
    )
  }
  const columns = toColumns(given)
  const ids = columns.input_ids
  if (!Array.isArray(ids)) {
    throw new ArgumentError(
      `pad needs input_ids, and was given ${Object.keys(columns).join(', ') || 'nothing'}`,
    )
  }
  const batched = Array.isArray(ids[0])
  const rows = (batched ? ids : [ids]) as Row[]
  const asked = { ...options, padding: options.padding ?? true }
  const { padding, maxLength } = resolveStrategies(asked, context.modelMaxLength, context.warn)
  const wanted = padding === 'max_length' ? maxLength : Math.max(...rows.map((row) => row.length))
  const length = padding === 'do_not_pad' ? 0 : paddedLength(wanted ?? 0, options.pad_to_multiple_of)
  if (options.return_attention_mask ?? context.modelInputNames.includes('attention_mask')) {
    columns.attention_mask ??= batched ? rows.map((row) => row.map(() => 1)) : ids.map(() => 1)
  }
  const { pad } = context
  if (!pad && rows.some((row) => row.length < length)) {
    throw new ArgumentError('asking to pad but the tokenizer has no padding token', {
      hint: "give it one: add_special_tokens({ pad_token: '[PAD]' })",
    })
  }
  const side = options.padding_side ?? context.side
  const fill: Record<string, number> = {
    input_ids: pad?.id ?? 0,
    token_type_ids: pad?.typeId ?? 0,
    attention_mask: 0,
    special_tokens_mask: 1,
  }
  const padded = Object.entries(columns).map(([name, column]): [string, unknown[]] => {
    const value = fill[name]
    if (value === undefined) return [name, column]
    const extend = (row: Row, i: number) => {
      const missing = new Array<number>(Math.max(0, length - (rows[i]?.length ?? 0))).fill(value)
      return side === 'left' ? [...missing, ...row] : [...row, ...missing]
    }
    return [name, batched ? (column as Row[]).map(extend) : extend(column as Row, 0)]
  })
  const form = options.return_tensors ?? formOf(given)
  if (!form) return Object.fromEntries(padded)
  for (const [name, values] of padded) checkWhole(name, values)
  return packAll(padded as [string, Row[]][], form)
}
