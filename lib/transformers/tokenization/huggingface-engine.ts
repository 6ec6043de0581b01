import { createRequire } from 'node:module'

import type * as tokenizers from 'tokenizers'
import type { Encoding, Tokenizer } from 'tokenizers'
import { TokenizerError } from '../../errors.js'
import type { AddedToken } from './added-token.js'
import type { EngineSequence, TokenizerEngine } from './engine.js'

/** Loaded when the first tokenizer is: whoever works with tensors alone needs no second native library. */
export const library = () => createRequire(import.meta.url)('tokenizers') as typeof tokenizers

/** Reads each column only when asked: offsets cost four times as much to hand over as ids. */
class NativeSequence implements EngineSequence {
  readonly #encoding: Encoding
  #ids?: number[]
  #tokens?: string[]
  #offsets?: number[][]
  #wordIds?: (number | null)[]

  constructor(encoding: Encoding) {
    this.#encoding = encoding
  }

  get ids(): readonly number[] {
    this.#ids ??= this.#encoding.getIds()
    return this.#ids
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

/** Large batches go in parts: handing a million texts over at once would hold up the event loop for seconds. */
const TEXTS_AT_ONCE = 4096

class HuggingFaceEngine implements TokenizerEngine {
  readonly #tokenizer: Tokenizer

  constructor(tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer
  }

  async encode(texts: readonly string[]): Promise<EngineSequence[]> {
    const sequences: EngineSequence[] = []
    for (let start = 0; start < texts.length; start += TEXTS_AT_ONCE) {
      const chunk = texts.slice(start, start + TEXTS_AT_ONCE)
      const encodings = await this.#encodeBatch(chunk)
      for (const encoding of encodings) {
        sequences.push(encoding.getLength() === 0 ? EMPTY : new NativeSequence(encoding))
      }
    }
    return sequences
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
