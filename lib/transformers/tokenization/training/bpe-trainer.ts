/**
 * Byte-pair encoding trainer with the results of `BpeTrainer` in tokenizers 0.22 (`models/bpe/trainer.rs`), ties
 * included: the library's Node binding can only train 30,000 tokens, on the calling thread, without special
 * tokens.
 */
import { byteTokens, characterTokens, type WordPieceAlphabet } from './first-tokens.js'
import { MergeQueue } from './merge-queue.js'

export interface BpeTrainerOptions {
  /** Tokens of the vocabulary, special tokens and the 256 bytes included. */
  readonly vocabSize: number
  /** Pairs that occur less often are not merged. */
  readonly minFrequency: number
  /** Get the first ids, in this order. */
  readonly specialTokens: readonly string[]
  /** Train WordPiece, from characters, instead of byte-level BPE. */
  readonly wordPiece?: WordPieceAlphabet
}

export interface TrainedBpe {
  /** Tokens in the order of their ids. */
  readonly tokens: readonly string[]
  readonly merges: readonly (readonly [string, string])[]
}

/** Ids fit 21 bits, so that a pair is one exact number. */
const PAIR_BASE = 2 ** 21
export const MAX_VOCAB_SIZE = PAIR_BASE

/** Tokens by id, each text once. */
class Vocabulary {
  readonly tokens: string[] = []
  readonly #ids = new Map<string, number>()

  add(token: string): number {
    const known = this.#ids.get(token)
    if (known !== undefined) return known
    this.#ids.set(token, this.tokens.length)
    return this.tokens.push(token) - 1
  }

  has(token: string): boolean {
    return this.#ids.has(token)
  }
}

/** Occurrences of each pair, and the words where new ones arose since the last `drain`. */
class PairTable {
  readonly #indices = new Map<number, number>()
  readonly #firsts: number[] = []
  readonly #seconds: number[] = []
  readonly #counts: number[] = []
  #arisen = new Map<number, number[]>()

  count(pair: number): number {
    return this.#counts[pair] ?? 0
  }

  /** `word` is given where the pair arises; calls for one word must follow each other. */
  add(first: number, second: number, change: number, word?: number): void {
    const key = first * PAIR_BASE + second
    let pair = this.#indices.get(key)
    if (pair === undefined) {
      pair = this.#counts.length
      this.#indices.set(key, pair)
      this.#firsts.push(first)
      this.#seconds.push(second)
      this.#counts.push(0)
    }
    this.#counts[pair] = this.count(pair) + change
    if (word === undefined) return
    const words = this.#arisen.get(pair)
    if (words === undefined) this.#arisen.set(pair, [word])
    else if (words[words.length - 1] !== word) words.push(word)
  }

  drain(queue: MergeQueue): void {
    for (const [pair, words] of this.#arisen) {
      const count = this.count(pair)
      const [first = 0, second = 0] = [this.#firsts[pair], this.#seconds[pair]]
      if (count > 0) queue.push({ first, second, pair, count, words })
    }
    this.#arisen = new Map()
  }
}

/** All distinct words as token ids, shortened in place by merges. */
class Corpus {
  readonly #symbols: Int32Array
  readonly #starts: Int32Array
  readonly #lengths: Int32Array
  readonly #counts: readonly number[]

  constructor(words: readonly (readonly number[])[], counts: readonly number[]) {
    this.#counts = counts
    this.#starts = new Int32Array(words.length)
    this.#lengths = new Int32Array(words.length)
    this.#symbols = new Int32Array(words.reduce((size, symbols) => size + symbols.length, 0))
    let at = 0
    for (const [word, symbols] of words.entries()) {
      this.#starts[word] = at
      this.#lengths[word] = symbols.length
      this.#symbols.set(symbols, at)
      at += symbols.length
    }
  }

  countPairs(pairs: PairTable): void {
    for (const [word, count] of this.#counts.entries()) {
      const start = this.#starts[word] ?? 0
      const end = start + (this.#lengths[word] ?? 0)
      for (let at = start + 1; at < end; at++) {
        pairs.add(this.#symbols[at - 1] ?? 0, this.#symbols[at] ?? 0, count, word)
      }
    }
  }

  /** Puts `merged` in the place of each `first` `second` of a word and reports the pairs that change. */
  merge(word: number, first: number, second: number, merged: number, pairs: PairTable): void {
    const symbols = this.#symbols
    const count = this.#counts[word] ?? 0
    const start = this.#starts[word] ?? 0
    const end = start + (this.#lengths[word] ?? 0)
    let to = start
    for (let from = start; from < end; from++) {
      const symbol = symbols[from] as number
      if (symbol !== first || from + 1 >= end || symbols[from + 1] !== second) {
        symbols[to++] = symbol
        continue
      }
      if (to > start) {
        const before = symbols[to - 1] as number
        pairs.add(before, first, -count)
        pairs.add(before, merged, count, word)
      }
      if (from + 2 < end) {
        const after = symbols[from + 2] as number
        pairs.add(second, after, -count)
        pairs.add(merged, after, count, word)
      }
      symbols[to++] = merged
      from++
    }
    this.#lengths[word] = to - start
  }
}

/**
 * Learns merges from word counts.
 * @param onToken called after each new token with the size that the vocabulary has reached
 */
export function trainBpe(
  words: ReadonlyMap<string, number>,
  { vocabSize, minFrequency, specialTokens, wordPiece }: BpeTrainerOptions,
  onToken: (size: number) => void = () => {},
): TrainedBpe {
  const vocabulary = new Vocabulary()
  for (const token of specialTokens) vocabulary.add(token)
  const first = wordPiece
    ? characterTokens(words, vocabulary, wordPiece)
    : byteTokens(words.keys(), vocabulary)
  const corpus = new Corpus(first, [...words.values()])
  const pairs = new PairTable()
  const queue = new MergeQueue()
  corpus.countPairs(pairs)
  pairs.drain(queue)

  const { tokens } = vocabulary
  const merges = new Map<number, [string, string]>()
  while (tokens.length < vocabSize) {
    const top = queue.pop()
    if (top === undefined) break
    const count = pairs.count(top.pair)
    if (top.count !== count) {
      top.count = count
      queue.push(top)
      continue
    }
    if (count < 1 || count < minFrequency) break
    const left = tokens[top.first] ?? ''
    const right = tokens[top.second] ?? ''
    const prefix = wordPiece?.continuingSubwordPrefix ?? ''
    const merged = vocabulary.add(left + (right.startsWith(prefix) ? right.slice(prefix.length) : right))
    // A pair can come up again after two merges gave the same text; the library then keeps its later rank.
    merges.delete(top.pair)
    merges.set(top.pair, [left, right])
    for (const word of top.words) corpus.merge(word, top.first, top.second, merged, pairs)
    pairs.drain(queue)
    onToken(tokens.length)
  }
  return { tokens, merges: [...merges.values()] }
}
