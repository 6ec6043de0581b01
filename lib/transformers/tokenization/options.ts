import { ArgumentError } from '../../errors.js'
import type { OffsetUnit } from './offsets.js'
import type { Side, TruncationStrategy } from './truncation.js'

/**
 * Options of a tokenizer call: the keyword arguments of Transformers 4.57, and `offset_unit`.
 * Lengths and strides count tokens.
 */
export interface EncodeOptions {
  /** The second texts, if they are not given as the second argument. */
  text_pair?: TextInput
  /** Add `<s>` and `</s>`. Default true. */
  add_special_tokens?: boolean
  /** `true` or `'longest'`: to the longest row; `'max_length'`: to `max_length`. Default false. */
  padding?: boolean | 'longest' | 'max_length' | 'do_not_pad'
  /** Outdated spelling of `padding: 'max_length'` (without `max_length`: of `padding: 'longest'`). */
  pad_to_max_length?: boolean
  /** `true` is `'longest_first'`. Default: false, but `'longest_first'` if only `max_length` is given. */
  truncation?: boolean | TruncationStrategy
  /** Tokens per row, special tokens included. Default: `model_max_length`. */
  max_length?: number
  /** Tokens that overflowing windows share. Default 0. */
  stride?: number
  /** The input is already split into words; offsets then count within each word. */
  is_split_into_words?: boolean
  pad_to_multiple_of?: number
  padding_side?: Side
  /** `'pt'`: int64 tensors; `'np'`: typed arrays with a shape; default: arrays of numbers. */
  return_tensors?: 'pt' | 'np'
  return_token_type_ids?: boolean
  return_attention_mask?: boolean
  /** Also return what truncation cut off, as further rows, and `overflow_to_sample_mapping`. */
  return_overflowing_tokens?: boolean
  return_special_tokens_mask?: boolean
  return_offsets_mapping?: boolean
  /** Also return `length`, the tokens of each row. */
  return_length?: boolean
  /** Unit of all character positions. Default `'utf16'`, so that `text.slice(start, end)` is right. */
  offset_unit?: OffsetUnit
  /** Give warnings. Default true. */
  verbose?: boolean
}

/** One text, a batch of texts, a text split into words, or a batch of such. */
export type TextInput = string | readonly string[] | readonly (readonly string[])[]

type Check = (value: unknown) => boolean

/** What the options of a call may be: by name a check, and in words what it wants. */
export type OptionRules<Options = Record<string, unknown>> = Readonly<
  Record<keyof Options & string, readonly [check: Check, wanted: string]>
>

const isBoolean: Check = (value) => typeof value === 'boolean'
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0
const isPositive: Check = (value) => isCount(value) && value !== 0
export const oneOf = (...allowed: unknown[]): [Check, string] => [
  (value) => allowed.includes(value),
  allowed.map((value) => JSON.stringify(value)).join(', '),
]
export const BOOLEAN: [Check, string] = [isBoolean, 'true or false']
export const TOKENS: [Check, string] = [isCount, 'a whole number of tokens, 0 or more']
export const SOME_TOKENS: [Check, string] = [isPositive, 'a whole number of tokens, 1 or more']

export const ENCODE_RULES: OptionRules<Required<EncodeOptions>> = {
  text_pair: [() => true, ''], // checked with the texts
  add_special_tokens: BOOLEAN,
  padding: oneOf(true, false, 'longest', 'max_length', 'do_not_pad'),
  pad_to_max_length: BOOLEAN,
  truncation: oneOf(true, false, 'longest_first', 'only_first', 'only_second', 'do_not_truncate'),
  max_length: TOKENS,
  stride: TOKENS,
  is_split_into_words: BOOLEAN,
  pad_to_multiple_of: SOME_TOKENS,
  padding_side: oneOf('left', 'right'),
  return_tensors: oneOf('pt', 'np'),
  return_token_type_ids: BOOLEAN,
  return_attention_mask: BOOLEAN,
  return_overflowing_tokens: BOOLEAN,
  return_special_tokens_mask: BOOLEAN,
  return_offsets_mapping: BOOLEAN,
  return_length: BOOLEAN,
  offset_unit: oneOf('utf16', 'codepoint'),
  verbose: BOOLEAN,
}

/**
 * Checks names and values of the options of a tokenizer call.
 * @throws ArgumentError naming the option, its value and what is allowed.
 */
export const checkEncodeOptions = (options: EncodeOptions): void =>
  checkOptions(options, ENCODE_RULES, 'tokenizer')

/**
 * Checks names and values of options; undefined and null count as not given.
 * @param what whose options they are, for the message
 * @throws ArgumentError naming the option, its value and what is allowed.
 */
export function checkOptions(options: object, rules: OptionRules, what: string): void {
  refuseUnknownOptions(options, Object.keys(rules), what)
  for (const [name, value] of Object.entries(options)) {
    const rule = rules[name]
    if (value === undefined || value === null || rule === undefined) continue
    const [check, wanted] = rule
    if (!check(value)) {
      throw new ArgumentError(`${what} option '${name}' must be ${wanted}, got ${JSON.stringify(value)}`)
    }
  }
}

/**
 * Refuses misspelt options, which would silently do nothing.
 * @throws ArgumentError naming the option and the known ones
 */
export function refuseUnknownOptions(options: object, known: readonly string[], what = 'tokenizer'): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw new ArgumentError(`unknown ${what} option '${unknown}'`, {
    hint: `the options are ${known.join(', ')}`,
  })
}
