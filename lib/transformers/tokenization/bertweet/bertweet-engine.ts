import { setImmediate } from 'node:timers/promises'
import { TokenizerError } from '../../../errors.js'
import { lstrip, rstrip, WORDS } from '../../../python-blanks.js'
import type { AddedToken } from '../added-token.js'
import type { EngineSequence, TokenizerEngine } from '../engine.js'
import type { TokenizerSettings } from '../settings.js'
import { AddedTokenFinder } from './added-tokens.js'
import { applyBpe, type BpeCodes } from './bpe-codes.js'
import { normalizeTweet } from './normalize-tweet.js'

/** UTF-16 units after which other work gets its turn. */
const YIELD_AFTER = 1 << 16
/** Words whose pieces are remembered; tweets repeat few words often. */
const CACHED_WORDS = 1 << 16

export interface BertweetModel {
  /** Ids by token, of vocab.txt. */
  readonly ids: ReadonlyMap<string, number>
  readonly codes: BpeCodes
  /** Special tokens by role, and whether texts are rewritten as tweets are. */
  readonly settings: TokenizerSettings
}

/** One text: tokens, the words that they come from, and how many characters of it each is. */
class BertweetSequence implements EngineSequence {
  readonly ids: number[] = []
  readonly tokens: string[] = []
  readonly #words: number[] = []
  readonly #offsets: [number, number][] = []
  readonly #normalized: boolean
  #nextWord = 0

  constructor(normalized: boolean) {
    this.#normalized = normalized
  }

  /** Adds the tokens of a word that begins at code point `at` of the text. */
  addWord(word: readonly (readonly [token: string, id: number, length: number])[], at: number): void {
    let start = at
    for (const [token, id, length] of word) {
      this.tokens.push(token)
      this.ids.push(id)
      this.#words.push(this.#nextWord)
      this.#offsets.push([start, start + length])
      start += length
    }
    this.#nextWord++
  }

  #refuse(what: string): never {
    throw new TokenizerError(`a text that BERTweet's normalization has rewritten has no ${what}`, {
      hint: 'load the tokenizer with normalization: false, or pass words with is_split_into_words: true',
    })
  }

  get offsets(): readonly (readonly number[])[] {
    return this.#normalized ? this.#refuse('character offsets') : this.#offsets
  }

  get wordIds(): readonly number[] {
    return this.#normalized ? this.#refuse('word ids') : this.#words
  }
}

const codePoints = (text: string) => {
  let count = 0
  for (const _ of text) count++
  return count
}

/** BERTweet's tokenizer, as Transformers' slow `BertweetTokenizer`: the npm package `tokenizers` has no such model. */
export class BertweetEngine implements TokenizerEngine {
  readonly #model: BertweetModel
  readonly #tokens = new Map<number, string>()
  readonly #added = new Map<number, AddedToken>()
  readonly #addedIds = new Map<string, number>()
  readonly #cache = new Map<string, [token: string, id: number, length: number][]>()
  #finder = new AddedTokenFinder([])

  /** @param added tokens with the ids that the folder gives them */
  constructor(model: BertweetModel, added: readonly (AddedToken & { id: number })[]) {
    this.#model = model
    for (const [token, id] of model.ids) this.#tokens.set(id, token)
    for (const { id, ...token } of added) this.#register(id, token)
    this.#finder = new AddedTokenFinder(this.#added.values())
  }

  get #unknown(): string {
    return this.#model.settings.special_tokens.unk_token?.content ?? ''
  }

  #register(id: number, token: AddedToken): void {
    this.#added.set(id, token)
    this.#addedIds.set(token.content, id)
  }

  async encode(texts: readonly string[]): Promise<EngineSequence[]> {
    const sequences: EngineSequence[] = []
    let characters = 0
    for (const text of texts) {
      sequences.push(this.#encodeOne(text))
      characters += text.length
      if (characters < YIELD_AFTER) continue
      characters = 0
      await setImmediate()
    }
    return sequences
  }

  #encodeOne(text: string): EngineSequence {
    const { normalization = false } = this.#model.settings
    const sequence = new BertweetSequence(normalization)
    let point = 0
    let unit = 0
    const pointOf = (index: number) => {
      point += codePoints(text.slice(unit, index))
      unit = index
      return point
    }
    for (const { text: part, start, added } of this.#finder.split(text)) {
      if (added) {
        const id = this.tokenToId(added.content) ?? 0
        sequence.addWord([[added.content, id, codePoints(part)]], pointOf(start))
        continue
      }
      const rewritten = normalization ? normalizeTweet(part) : part
      for (const { 0: word, index } of rewritten.matchAll(WORDS)) {
        sequence.addWord(this.#tokensOf(word), normalization ? 0 : pointOf(start + index))
      }
    }
    return sequence
  }

  #tokensOf(word: string): [token: string, id: number, length: number][] {
    const known = this.#cache.get(word)
    if (known) return known
    const unknown = this.tokenToId(this.#unknown) ?? 0
    const pieces = applyBpe(word, this.#model.codes)
    const found = pieces.map((token, i): [string, number, number] => {
      const marks = i < pieces.length - 1 ? '@@'.length : 0
      return [token, this.tokenToId(token) ?? unknown, codePoints(token) - marks]
    })
    if (this.#cache.size >= CACHED_WORDS) this.#cache.clear()
    this.#cache.set(word, found)
    return found
  }

  /** Added tokens without a role stand alone, as in Python's `_decode`. */
  async decode(rows: readonly number[][], skipSpecialTokens: boolean): Promise<string[]> {
    return rows.map((row) => {
      const texts: string[] = []
      let run: string[] = []
      const endRun = (isLast: boolean) => {
        const joined = this.joinTokens(run)
        if (run.length > 0 && (isLast || joined !== '')) texts.push(joined)
        run = []
      }
      for (const id of row) {
        const added = this.#added.get(id)
        if (skipSpecialTokens && added?.special) continue
        if (added && this.#standsAlone(added, id)) {
          endRun(false)
          texts.push(added.content)
        } else run.push(this.idToToken(id) ?? this.#unknown)
      }
      endRun(true)
      return texts.join(' ')
    })
  }

  #standsAlone({ special, content }: AddedToken, id: number): boolean {
    if (!special) return true
    const hasRole = Object.values(this.#model.settings.special_tokens).some(
      (role) => role.content === content,
    )
    return !hasRole && id >= this.#model.ids.size
  }

  joinTokens(tokens: readonly string[]): string {
    return rstrip(lstrip(tokens.join(' ').replaceAll('@@ ', '')))
  }

  tokenToId(token: string): number | undefined {
    return this.#addedIds.get(token) ?? this.#model.ids.get(token)
  }

  idToToken(id: number): string | undefined {
    return this.#added.get(id)?.content ?? this.#tokens.get(id)
  }

  vocabulary(): Record<string, number> {
    return Object.fromEntries([...this.#model.ids, ...this.#addedIds])
  }

  vocabularySize(withAddedTokens: boolean): number {
    const { ids } = this.#model
    if (!withAddedTokens) return ids.size
    return ids.size + [...this.#addedIds.keys()].filter((token) => !ids.has(token)).length
  }

  addTokens(tokens: readonly AddedToken[]): number {
    let count = 0
    for (const token of tokens) {
      if (token.content === '') continue
      const known = this.tokenToId(token.content)
      if (known === undefined) count++
      this.#register(known ?? this.vocabularySize(true), token)
    }
    this.#cache.clear()
    this.#finder = new AddedTokenFinder(this.#added.values())
    return count
  }

  addedTokens(): (AddedToken & { id: number })[] {
    return [...this.#added].map(([id, token]) => ({ id, ...token })).sort((a, b) => a.id - b.id)
  }
}
