import type { EngineSequence } from './engine.js'
import { type OffsetUnit, utf16Indices } from './offsets.js'

/** Half-open range of characters or tokens. */
export type Span = readonly [start: number, end: number]

/** The tokens of one input, a text or a list of words, before special tokens and truncation. */
export interface TokenSequence {
  readonly ids: readonly number[]
  readonly tokens: readonly string[]
  readonly wordIds: readonly (number | null)[]
  /** Characters of each token: of the text, or of the word that the token belongs to. */
  offsets(unit: OffsetUnit): readonly Span[]
}

function spans(sequence: EngineSequence, text: string, unit: OffsetUnit): Span[] {
  const indices = unit === 'utf16' ? utf16Indices(text) : undefined
  const index = (point: number) => indices?.[point] ?? point
  return sequence.offsets.map(([start = 0, end = 0]) => [index(start), index(end)])
}

/** A whole text. */
export class TextSequence implements TokenSequence {
  readonly #sequence: EngineSequence
  readonly #text: string
  readonly #offsets: Partial<Record<OffsetUnit, Span[]>> = {}

  constructor(sequence: EngineSequence, text: string) {
    this.#sequence = sequence
    this.#text = text
  }

  get ids(): readonly number[] {
    return this.#sequence.ids
  }

  get tokens(): readonly string[] {
    return this.#sequence.tokens
  }

  get wordIds(): readonly (number | null)[] {
    return this.#sequence.wordIds
  }

  offsets(unit: OffsetUnit): readonly Span[] {
    this.#offsets[unit] ??= spans(this.#sequence, this.#text, unit)
    return this.#offsets[unit]
  }
}

/**
 * A text that came split into words. Each word was tokenized alone, which is what the Rust library does with
 * `is_pretokenized`; its Node binding 0.23 refuses arrays of words.
 */
export class WordsSequence implements TokenSequence {
  readonly #words: readonly { sequence: EngineSequence; text: string }[]
  readonly ids: readonly number[]
  #tokens?: readonly string[]
  #wordIds?: readonly number[]
  readonly #offsets: Partial<Record<OffsetUnit, readonly Span[]>> = {}

  constructor(sequences: readonly EngineSequence[], texts: readonly string[]) {
    this.#words = sequences.map((sequence, i) => ({ sequence, text: texts[i] ?? '' }))
    this.ids = sequences.flatMap((sequence) => sequence.ids)
  }

  get tokens(): readonly string[] {
    this.#tokens ??= this.#words.flatMap(({ sequence }) => sequence.tokens)
    return this.#tokens
  }

  get wordIds(): readonly number[] {
    this.#wordIds ??= this.#words.flatMap(({ sequence }, word) => sequence.ids.map(() => word))
    return this.#wordIds
  }

  offsets(unit: OffsetUnit): readonly Span[] {
    this.#offsets[unit] ??= this.#words.flatMap(({ sequence, text }) => spans(sequence, text, unit))
    return this.#offsets[unit]
  }
}
