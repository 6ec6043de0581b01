/**
 * What the tokenizer classes need from a tokenization library. Everything that depends on options (special
 * tokens, truncation, padding) is done above this line in our own code, so an engine holds no per-call state and
 * two concurrent calls cannot disturb each other.
 */

import type { AddedToken } from './added-token.js'

/** The tokens of one text, without special tokens and without truncation. */
export interface EngineSequence {
  readonly ids: readonly number[]
  readonly tokens: readonly string[]
  /** `[start, end)` per token in Unicode code points of the text. */
  readonly offsets: readonly (readonly number[])[]
  /** Index of the pre-tokenized word that each token belongs to. */
  readonly wordIds: readonly (number | null)[]
}

/** A loaded tokenizer without options. */
export interface TokenizerEngine {
  /** Tokenizes off the event loop; the texts must be well-formed Unicode. */
  encode(texts: readonly string[]): Promise<EngineSequence[]>
  /** Decodes rows of ids off the event loop; every id must be a known one. */
  decode(rows: readonly number[][], skipSpecialTokens: boolean): Promise<string[]>
  joinTokens(tokens: readonly string[]): string
  tokenToId(token: string): number | undefined
  idToToken(id: number): string | undefined
  vocabulary(): Record<string, number>
  vocabularySize(withAddedTokens: boolean): number
  /** Adds tokens, or gives other flags to those that are there. Returns how many of them changed anything. */
  addTokens(tokens: readonly AddedToken[]): number
  /** Writes the whole definition as a `tokenizer.json` to `path`; absent where no such file can hold it. */
  write?(path: string): void
  /** Where there is no `write`: the added tokens, in the order of their ids. */
  addedTokens?(): (AddedToken & { id: number })[]
}
