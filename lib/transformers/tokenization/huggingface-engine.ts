import { createRequire } from 'node:module'

import type * as tokenizers from 'tokenizers'
import type { Encoding, Tokenizer } from 'tokenizers'
import { TokenizerError } from '../../errors.js'
import type { AddedToken } from './added-token.js'
import type { EngineSequence, TokenizerEngine } from './engine.js'

/** Loaded when the first tokenizer is: whoever works with tensors alone needs no second native library. */
export const library = () => createRequire(import.meta.url)('tokenizers') as typeof tokenizers

/** Reads each column but the ids only when asked: offsets cost four times as much to hand over. */
class NativeSequence implements EngineSequence {
  readonly ids: readonly number[]
  readonly #encoding: Encoding
  #tokens?: string[]
  #offsets?: number[][]
  #wordIds?: (number | null)[]

  constructor(encoding: Encoding) {
    this.#encoding = encoding
    this.ids = encoding.getIds()
  }

  get tokens(): readonly string[] {
    this.#tokens ??= this.#encoding.getTokens()
    return this.#tokens
  }

  get offsets(): readonly (readonly number[])[] {
    this.#offsets ??= this.#encoding.getOffsets()
    return this.#offsets
  }

  get wordIds(): readonly (number | null)[] {
    this.#wordIds ??= this.#encoding.getWordIds().map((word) => word ?? null)
    return this.#wordIds
  }
}

const EMPTY: EngineSequence = { ids: [], tokens: [], offsets: [], wordIds: [] }

/**
 * Large batches go in parts: handing a million texts over at once would hold up the event loop for seconds, and while
 * the ids of one part are read here, the library works on the next.
 */
const TEXTS_AT_ONCE = 512

class HuggingFaceEngine implements TokenizerEngine {
  readonly #tokenizer: Tokenizer

  constructor(tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer
  }

  async encode(texts: readonly string[]): Promise<EngineSequence[]> {
    const sequences: EngineSequence[] = []
    const begin = (start: number) => this.#encodeBatch(texts.slice(start, start + TEXTS_AT_ONCE))
    let pending = begin(0)
    for (let start = TEXTS_AT_ONCE; ; start += TEXTS_AT_ONCE) {
      const encodings = await pending
      const more = start < texts.length
      if (more) pending = begin(start)
      for (const encoding of encodings) {
        sequences.push(encoding.getLength() === 0 ? EMPTY : new NativeSequence(encoding))
      }
      if (!more) return sequences
    }
  }

  async #encodeBatch(texts: string[]): Promise<Encoding[]> {
    try {
      return await this.#tokenizer.encodeBatch(texts, { addSpecialTokens: false })
    } catch (error) {
      throw new TokenizerError(`the texts cannot be tokenized: ${(error as Error).message}`, {
        cause: error,
        hint: 'the vocabulary does not fit the tokenizer: download or save it again',
      })
    }
  }

  decode(rows: readonly number[][], skipSpecialTokens: boolean): Promise<string[]> {
    return this.#tokenizer.decodeBatch([...rows], skipSpecialTokens)
  }

  joinTokens(tokens: readonly string[]): string {
    return this.#tokenizer.getDecoder()?.decode([...tokens]) ?? tokens.join(' ')
  }

  tokenToId(token: string): number | undefined {
    return this.#tokenizer.tokenToId(token) ?? undefined
  }

  idToToken(id: number): string | undefined {
    return this.#tokenizer.idToToken(id) ?? undefined
  }

  vocabulary(): Record<string, number> {
    return this.#tokenizer.getVocab(true)
  }

  vocabularySize(withAddedTokens: boolean): number {
    return this.#tokenizer.getVocabSize(withAddedTokens)
  }

  addTokens(tokens: readonly AddedToken[]): number {
    const native = tokens.map(({ content, special, single_word, lstrip, rstrip, normalized }) => {
      const flags = { singleWord: single_word, leftStrip: lstrip, rightStrip: rstrip, normalized }
      return new (library().AddedToken)(content, special, flags)
    })
    return this.#tokenizer.addAddedTokens(native)
  }

  write(path: string): void {
    this.#tokenizer.save(path, true)
  }
}

/** Pieces of a Unigram model with their scores. */
export interface UnigramScores {
  readonly vocab: readonly (readonly [piece: string, score: number])[]
  readonly unkId: number
}

/**
 * Opens Hugging Face's Rust tokenizer from the text of a `tokenizer.json`.
 * @param scores replace those of the text, which the library reads with an error in the last bit (as it does in Python)
 * @throws whatever the library throws on a definition that it cannot read.
 */
export function openHuggingFaceEngine(definition: string, scores?: UnigramScores): TokenizerEngine {
  const { Tokenizer, Unigram } = library()
  const tokenizer = Tokenizer.fromString(definition)
  if (scores) {
    const vocab = scores.vocab.map(([piece, score]): [string, number] => [piece, score])
    tokenizer.setModel(Unigram.init(vocab, { unkId: scores.unkId, byteFallback: false }))
  }
  return new HuggingFaceEngine(tokenizer)
}
