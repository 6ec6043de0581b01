import { ArgumentError, IndexError } from '../../errors.js'
import type { Tensor } from '../../torch/tensor.js'
import type { TokenizerEngine } from './engine.js'

/** Token ids as callers hold them. */
export type TokenIds = number | bigint | readonly (number | bigint)[] | BigInt64Array | Int32Array | Tensor

type Nested = number | bigint | readonly Nested[] | BigInt64Array | Int32Array

function plain(ids: unknown): Nested {
  const tensor = ids as Partial<Pick<Tensor, 'tolist'>> | null | undefined
  return (typeof tensor?.tolist === 'function' ? tensor.tolist() : ids) as Nested
}

/**
 * Makes an array of ids out of what was given, each checked against the vocabulary.
 * @param where named in the errors
 * @throws ArgumentError for what is no id, IndexError for an id without a token
 */
export function toIds(given: unknown, engine: TokenizerEngine, where = 'token_ids'): number[] {
  const value = plain(given)
  const list = typeof value === 'number' || typeof value === 'bigint' ? [value] : value
  if (!Array.isArray(list) && !(list instanceof BigInt64Array) && !(list instanceof Int32Array)) {
    throw new ArgumentError(
      `${where} must be an id or a list of ids, got ${value === null ? 'null' : typeof value}`,
    )
  }
  const size = engine.vocabularySize(true)
  return Array.from<unknown, number>(list as ArrayLike<unknown>, (element, i) => {
    const id = Number(element)
    const isNumber = typeof element === 'number' || typeof element === 'bigint'
    if (!isNumber || !Number.isSafeInteger(id)) {
      const shown = Array.isArray(element) ? 'an array' : String(element)
      throw new ArgumentError(`${where}[${i}] must be a token id, got ${shown}`, {
        hint: Array.isArray(element) ? 'batch_decode takes several rows' : undefined,
      })
    }
    if (id < 0 || id > 0xffffffff || (id >= size && engine.idToToken(id) === undefined)) {
      throw new IndexError(`${where}[${i}] is ${id}, outside the vocabulary of ${size} tokens`, {
        hint: id === -100 ? '-100 marks ignored labels: leave them out before decoding' : undefined,
      })
    }
    return id
  })
}

/**
 * Makes rows of ids out of a batch: an array of rows or a tensor of two dimensions.
 * @throws ArgumentError, IndexError
 */
export function toRows(given: unknown, engine: TokenizerEngine): number[][] {
  const rows = plain(given)
  if (!Array.isArray(rows)) throw new ArgumentError(`sequences must be an array of rows, got ${typeof rows}`)
  return rows.map((row, i) => toIds(row, engine, `sequences[${i}]`))
}

const BLANKS: [string, string][] = [
  [' .', '.'],
  [' ?', '?'],
  [' !', '!'],
  [' ,', ','],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
]

/** `PreTrainedTokenizerBase.clean_up_tokenization`: removes blanks before English punctuation. */
export function cleanUpBlanks(text: string): string {
  return BLANKS.reduce((cleaned, [from, to]) => cleaned.replaceAll(from, to), text)
}
