import { IndexError } from '../../errors.js'
import type { Encoding } from './encoding.js'
import type { AnyTokenField, EncodingFields, OffsetField, RowField } from './fields.js'
import type { Span } from './sequence.js'

/** Half-open range, `{ start, end }` as Python's `CharSpan` and `TokenSpan`. */
export interface Range {
  readonly start: number
  readonly end: number
}

const range = (span: Span | null): Range | null => span && { start: span[0], end: span[1] }

/**
 * What a tokenizer answers: the fields that were asked for as own properties, so that it can be passed to a model
 * as it is, and the mappings between tokens, words and characters.
 *
 * Methods that take a row and an index may be called with the index alone for the first row. Characters are
 * UTF-16 units unless the tokenizer was called with `offset_unit: 'codepoint'`. What a mapping does not cover
 * (special tokens, blanks) is `null`. Reference: `transformers.BatchEncoding`.
 */
export class BatchEncoding<Field = AnyTokenField> implements EncodingFields<Field> {
  declare input_ids: Field
  declare attention_mask: Field
  declare token_type_ids?: Field
  declare special_tokens_mask?: Field
  declare offset_mapping?: OffsetField<Field>
  declare length?: RowField<Field>
  declare overflow_to_sample_mapping?: RowField<Field>
  readonly #rows: readonly Encoding[]

  constructor(fields: EncodingFields<Field>, rows: readonly Encoding[]) {
    Object.assign(this, fields)
    this.#rows = rows
  }

  /** The rows of the batch, with all their columns as arrays. */
  get encodings(): readonly Encoding[] {
    return this.#rows
  }

  /** Texts per row: 1, or 2 for pairs. */
  get n_sequences(): number {
    return this.#row(0).n_sequences
  }

  #row(index: number): Encoding {
    const row = this.#rows[index]
    if (!row) throw new IndexError(`row ${index} does not exist: the batch has ${this.#rows.length} rows`)
    return row
  }

  #token(rowOrToken: number, token?: number): [Encoding, number] {
    const row = this.#row(token === undefined ? 0 : rowOrToken)
    const asked = token ?? rowOrToken
    // Python's negative indices count from the end.
    const position = asked < 0 ? row.length + asked : asked
    if (!(position >= 0 && position < row.length)) {
      throw new IndexError(`token ${asked} does not exist: the row has ${row.length} tokens`)
    }
    return [row, position]
  }

  #indexed(rowOrIndex: number, index?: number): [Encoding, number] {
    return index === undefined ? [this.#row(0), rowOrIndex] : [this.#row(rowOrIndex), index]
  }

  /** Tokens of a row as the vocabulary writes them. */
  tokens(row = 0): string[] {
    return this.#row(row).tokens
  }

  /** For each token of a row the text it comes from, 0 or 1. */
  sequence_ids(row = 0): (number | null)[] {
    return this.#row(row).sequence_ids
  }

  /** For each token of a row the index of its word in its text. */
  word_ids(row = 0): (number | null)[] {
    return this.#row(row).word_ids
  }

  /** Text (0 or 1) that a token comes from. */
  token_to_sequence(rowOrToken: number, token?: number): number | null {
    const [row, position] = this.#token(rowOrToken, token)
    return row.token_to_sequence(position)
  }

  /** Word that a token belongs to. */
  token_to_word(rowOrToken: number, token?: number): number | null {
    const [row, position] = this.#token(rowOrToken, token)
    return row.token_to_word(position)
  }

  /** Characters of a token. */
  token_to_chars(rowOrToken: number, token?: number): Range | null {
    const [row, position] = this.#token(rowOrToken, token)
    return range(row.token_to_chars(position))
  }

  /** Tokens of a word. */
  word_to_tokens(rowOrWord: number, word?: number, sequence_index = 0): Range | null {
    const [row, index] = this.#indexed(rowOrWord, word)
    return range(row.word_to_tokens(index, sequence_index))
  }

  /** Characters of a word. */
  word_to_chars(rowOrWord: number, word?: number, sequence_index = 0): Range | null {
    const [row, index] = this.#indexed(rowOrWord, word)
    return range(row.word_to_chars(index, sequence_index))
  }

  /** Token that covers a character. */
  char_to_token(rowOrCharacter: number, character?: number, sequence_index = 0): number | null {
    const [row, index] = this.#indexed(rowOrCharacter, character)
    return row.char_to_token(index, sequence_index)
  }

  /** Word that covers a character. */
  char_to_word(rowOrCharacter: number, character?: number, sequence_index = 0): number | null {
    const [row, index] = this.#indexed(rowOrCharacter, character)
    return row.char_to_word(index, sequence_index)
  }

  /** Moves all tensors to a device, in place. Returns this. */
  to(device: string | object): this {
    for (const [name, value] of Object.entries(this)) {
      if (isMovable(value)) Object.assign(this, { [name]: value.to(device) })
    }
    return this
  }
}

function isMovable(value: unknown): value is { to(device: string | object): unknown } {
  return typeof value === 'object' && value !== null && 'to' in value && typeof value.to === 'function'
}
