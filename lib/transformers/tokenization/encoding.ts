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

  /** A column: `padding` everywhere, then special tokens, then what `write` puts where a window lies. */
  #column<T>(
    padding: T,
    special: (piece: SpecialPiece) => T,
    write: (column: T[], at: number, window: Span, sequence: TokenSequence, piece: SequencePiece) => void,
  ): T[] {
    const column = new Array<T>(this.length).fill(padding)
    for (const { piece, start, window } of this.#parts) {
      const at = start + this.#shift
      if (piece.special) {
        column[at] = special(piece)
        continue
      }
      const sequence = this.#sequences[piece.sequence]
      if (sequence) write(column, at, window, sequence, piece)
    }
    return column
  }

  /** A column that is the same for all tokens of a text. */
  #uniform<T>(padding: T, special: (piece: SpecialPiece) => T, value: (piece: SequencePiece) => T): T[] {
    return this.#column(padding, special, (column, at, [from, to], _sequence, piece) => {
      column.fill(value(piece), at, at + to - from)
    })
  }

  /** A column of one value per token. */
  #copied<T>(
    padding: T,
    special: (piece: SpecialPiece) => T,
    values: (sequence: TokenSequence) => readonly T[],
  ): T[] {
    return this.#column(padding, special, (column, at, [from, to], sequence) => {
      const source = values(sequence)
      for (let token = from; token < to; token++) column[at + token - from] = source[token] as T
    })
  }

  get ids(): number[] {
    const padding = this.#padding?.id ?? 0
    return this.#copied(
      padding,
      ({ id }) => id,
      ({ ids }) => ids,
    )
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
    const typeOf = ({ typeId }: Piece) => typeId
    return this.#uniform(this.#padding?.typeId ?? 0, typeOf, typeOf)
  }

  get attention_mask(): number[] {
    const one = () => 1
    return this.#uniform(0, one, one)
  }

  get special_tokens_mask(): number[] {
    return this.#uniform(
      1,
      () => 1,
      () => 0,
    )
  }

  get sequence_ids(): (number | null)[] {
    return this.#uniform<number | null>(
      null,
      () => null,
      ({ sequence }) => sequence,
    )
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
