import { ArrayColumn, type Column } from './column.js'
import type { OffsetUnit } from './offsets.js'
import type { Span, TokenSequence } from './sequence.js'
import type { Piece, SequencePiece, SpecialPiece } from './special-layout.js'
import type { Side } from './truncation.js'

/** Padding of one row up to `length` tokens. */
export interface Padding {
  readonly length: number
  readonly side: Side
  readonly id: number
  readonly token: string
  readonly typeId: number
}

/** Columns of one number per token. */
export type NumberColumn = 'ids' | 'type_ids' | 'attention_mask' | 'special_tokens_mask'

interface Part {
  readonly piece: Piece
  /** Row position of the first token. */
  readonly start: number
  readonly window: Span
}

/**
 * One row of a batch: special tokens, one window of each text, padding. Columns are made when asked for.
 * Methods with Python's names answer as `tokenizers.Encoding` does.
 */
export class Encoding {
  readonly #parts: readonly Part[]
  readonly #sequences: readonly TokenSequence[]
  readonly #unit: OffsetUnit
  readonly #contentLength: number
  #padding?: Padding

  constructor(
    pieces: readonly Piece[],
    sequences: readonly TokenSequence[],
    windows: readonly Span[],
    unit: OffsetUnit,
  ) {
    let position = 0
    this.#parts = pieces.map((piece) => {
      const window: Span = piece.special ? [0, 1] : (windows[piece.sequence] ?? [0, 0])
      const start = position
      position += window[1] - window[0]
      return { piece, start, window }
    })
    this.#sequences = sequences
    this.#unit = unit
    this.#contentLength = position
  }

  /** Pads up to `padding.length`; longer rows stay as they are. */
  pad(padding: Padding): void {
    this.#padding = padding
  }

  get length(): number {
    return Math.max(this.#contentLength, this.#padding?.length ?? 0)
  }

  get n_sequences(): number {
    return this.#sequences.length
  }

  get #shift(): number {
    return this.#padding?.side === 'left' ? this.length - this.#contentLength : 0
  }

  /** Writes `padding` everywhere, then special tokens, then what `write` puts where a window lies. */
  #write<T>(
    column: Column<T>,
    padding: T,
    special: (piece: SpecialPiece) => T,
    write: (at: number, window: Span, sequence: TokenSequence, piece: SequencePiece) => void,
  ): void {
    // The only part of a column that nothing else is written to.
    const left = this.#shift
    column.fill(padding, 0, left)
    column.fill(padding, left + this.#contentLength, this.length)
    for (const { piece, start, window } of this.#parts) {
      const at = start + left
      if (piece.special) {
        column.fill(special(piece), at, at + 1)
        continue
      }
      const sequence = this.#sequences[piece.sequence]
      if (sequence) write(at, window, sequence, piece)
    }
  }

  /** A column that is the same for all tokens of a text. */
  #writeUniform<T>(
    column: Column<T>,
    padding: T,
    special: (piece: SpecialPiece) => T,
    value: (piece: SequencePiece) => T,
  ): void {
    this.#write(column, padding, special, (at, [from, to], _sequence, piece) => {
      column.fill(value(piece), at, at + to - from)
    })
  }

  /** A column of one value per token. */
  #writeCopied<T>(
    column: Column<T>,
    padding: T,
    special: (piece: SpecialPiece) => T,
    values: (sequence: TokenSequence) => readonly T[],
  ): void {
    this.#write(column, padding, special, (at, [from, to], sequence) => {
      column.copy(at, values(sequence), from, to)
    })
  }

  #copied<T>(
    padding: T,
    special: (piece: SpecialPiece) => T,
    values: (sequence: TokenSequence) => readonly T[],
  ): T[] {
    const column = new ArrayColumn<T>(this.length)
    this.#writeCopied(column, padding, special, values)
    return column.values
  }

  #numbers(name: NumberColumn): number[] {
    const column = new ArrayColumn<number>(this.length)
    this.write(name, column)
    return column.values
  }

  /** Writes a column of numbers; the getters of these names give it as an array. */
  write(name: NumberColumn, column: Column<number>): void {
    const { id = 0, typeId = 0 } = this.#padding ?? {}
    const one = () => 1
    const typeOf = (piece: Piece) => piece.typeId
    const writers: Record<NumberColumn, () => void> = {
      ids: () =>
        this.#writeCopied(
          column,
          id,
          (piece) => piece.id,
          ({ ids }) => ids,
        ),
      type_ids: () => this.#writeUniform(column, typeId, typeOf, typeOf),
      attention_mask: () => this.#writeUniform(column, 0, one, one),
      special_tokens_mask: () => this.#writeUniform(column, 1, one, () => 0),
    }
    writers[name]()
  }

  get ids(): number[] {
    return this.#numbers('ids')
  }

  get tokens(): string[] {
    const padding = this.#padding?.token ?? ''
    return this.#copied(
      padding,
      ({ token }) => token,
      ({ tokens }) => tokens,
    )
  }

  /** `[start, end)` of each token in its text (in its word, for pre-split input); `[0, 0]` for special tokens. */
  get offsets(): Span[] {
    return this.#copied<Span>(
      [0, 0],
      () => [0, 0],
      (sequence) => sequence.offsets(this.#unit),
    )
  }

  get word_ids(): (number | null)[] {
    return this.#copied<number | null>(
      null,
      () => null,
      ({ wordIds }) => wordIds,
    )
  }

  get type_ids(): number[] {
    return this.#numbers('type_ids')
  }

  get attention_mask(): number[] {
    return this.#numbers('attention_mask')
  }

  get special_tokens_mask(): number[] {
    return this.#numbers('special_tokens_mask')
  }

  get sequence_ids(): (number | null)[] {
    const column = new ArrayColumn<number | null>(this.length)
    this.#writeUniform<number | null>(
      column,
      null,
      () => null,
      ({ sequence }) => sequence,
    )
    return column.values
  }

  /** The text that a token comes from, and its place among that text's tokens. */
  #locate(token: number): { piece: SequencePiece; sequence: TokenSequence; index: number } | undefined {
    const at = token - this.#shift
    for (const { piece, start, window } of this.#parts) {
      if (piece.special || at < start || at >= start + window[1] - window[0]) continue
      const sequence = this.#sequences[piece.sequence]
      return sequence && { piece, sequence, index: at - start + window[0] }
    }
    return undefined
  }

  /** Row positions of one text; the whole row if there is no such text, as in Rust's `sequence_range`. */
  #rangeOf(sequence: number): Span {
    const part = this.#parts.find(({ piece }) => !piece.special && piece.sequence === sequence)
    if (!part) return [0, this.length]
    const start = part.start + this.#shift
    return [start, start + part.window[1] - part.window[0]]
  }

  token_to_sequence(token: number): number | null {
    return this.#locate(token)?.piece.sequence ?? null
  }

  token_to_word(token: number): number | null {
    const place = this.#locate(token)
    return place?.sequence.wordIds[place.index] ?? null
  }

  token_to_chars(token: number): Span | null {
    const place = this.#locate(token)
    return place?.sequence.offsets(this.#unit)[place.index] ?? null
  }

  char_to_token(character: number, sequence = 0): number | null {
    const [first, end] = this.#rangeOf(sequence)
    for (let token = first; token < end; token++) {
      const [from, to] = this.token_to_chars(token) ?? [0, 0]
      if (character >= from && character < to) return token
    }
    return null
  }

  char_to_word(character: number, sequence = 0): number | null {
    const token = this.char_to_token(character, sequence)
    return token === null ? null : this.token_to_word(token)
  }

  word_to_tokens(word: number, sequence = 0): Span | null {
    const [first, end] = this.#rangeOf(sequence)
    let start = first
    while (start < end && this.token_to_word(start) !== word) start++
    if (start === end) return null
    let last = end - 1
    while (this.token_to_word(last) !== word) last--
    return [start, last + 1]
  }

  word_to_chars(word: number, sequence = 0): Span | null {
    const tokens = this.word_to_tokens(word, sequence)
    if (!tokens) return null
    return [this.token_to_chars(tokens[0])?.[0] ?? 0, this.token_to_chars(tokens[1] - 1)?.[1] ?? 0]
  }
}
