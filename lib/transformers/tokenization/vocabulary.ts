import { ArgumentError, TokenizerError } from '../../errors.js'
import {
  type AddedToken,
  addedToken,
  parseToken,
  SPECIAL_TOKEN_NAMES,
  type SpecialTokenName,
} from './added-token.js'
import type { TokenizerEngine } from './engine.js'
import { checkText } from './inputs.js'
import { refuseUnknownOptions } from './options.js'
import type { TokenizerSettings } from './settings.js'
import { SpecialTokens } from './special-tokens.js'
import { type TokenIds, toIds } from './token-ids.js'

/** Special tokens by role, as `add_special_tokens` takes them. */
export type NewSpecialTokens = Partial<Record<SpecialTokenName, string | AddedToken>> & {
  additional_special_tokens?: readonly (string | AddedToken)[]
}

type NewTokens = string | AddedToken | readonly (string | AddedToken)[]

/** The tokens of a tokenizer: trained ones, and those that were added to them. */
export abstract class Vocabulary<Missing extends null = null> extends SpecialTokens<Missing> {
  readonly #added = new Map<number, AddedToken>()

  constructor(
    engine: TokenizerEngine,
    settings: TokenizerSettings,
    added: readonly (AddedToken & { id: number })[],
  ) {
    super(engine, settings)
    for (const { id, ...token } of added) this.#added.set(id, token)
  }

  #tokenOf(id: number): string {
    return this.#added.get(id)?.content ?? this.engine.idToToken(id) ?? ''
  }

  /**
   * Decodes rows of ids. The library (0.23) answers an added token as it is found in normalized text (`hamlet` for
   * `Hamlet` where BERT lowers the case); Python answers what was added, so rows with such tokens are put together here.
   */
  protected async decodeIds(rows: readonly number[][], skipSpecialTokens: boolean): Promise<string[]> {
    const texts = await this.engine.decode(rows, skipSpecialTokens)
    return texts.map((text, i) => {
      const row = rows[i] ?? []
      const isRenamed = (id: number) => {
        const token = this.#added.get(id)
        return token?.normalized && this.engine.idToToken(id) !== token.content
      }
      if (!row.some(isRenamed)) return text
      const shown = row.filter((id) => !(skipSpecialTokens && this.#added.get(id)?.special))
      return this.engine.joinTokens(shown.map((id) => this.#tokenOf(id)))
    })
  }

  /** Id of a token, or ids of tokens; the unknown token's id for what the vocabulary lacks. */
  convert_tokens_to_ids(tokens: string): number
  convert_tokens_to_ids(tokens: readonly string[]): number[]
  convert_tokens_to_ids(tokens: string | readonly string[]): number | number[] {
    if (typeof tokens !== 'string') return tokens.map((token) => this.convert_tokens_to_ids(token))
    const id = this.engine.tokenToId(tokens) ?? this.unk_token_id
    if (id === null) throw new TokenizerError(`'${tokens}' is no token and the tokenizer has no unk_token`)
    return id
  }

  /**
   * Token of an id, or tokens of ids.
   * @throws IndexError for an id outside the vocabulary
   */
  convert_ids_to_tokens(ids: number | bigint, options?: { skip_special_tokens?: boolean }): string
  convert_ids_to_tokens(ids: TokenIds, options?: { skip_special_tokens?: boolean }): string[]
  convert_ids_to_tokens(given: TokenIds, options: { skip_special_tokens?: boolean } = {}): string | string[] {
    const ids = toIds(given, this.engine, 'ids')
    const skipped = new Set(options.skip_special_tokens ? this.all_special_ids : [])
    const tokens = ids.filter((id) => !skipped.has(id)).map((id) => this.#tokenOf(id))
    return typeof given === 'number' || typeof given === 'bigint' ? (tokens[0] ?? '') : tokens
  }

  /** Text that a list of tokens stands for. */
  convert_tokens_to_string(tokens: readonly string[]): string {
    return this.engine.joinTokens(tokens)
  }

  /** Ids by token, added tokens included. */
  get_vocab(): Record<string, number> {
    return this.engine.vocabulary()
  }

  /** Size of the trained vocabulary, without added tokens. */
  get vocab_size(): number {
    return this.engine.vocabularySize(false)
  }

  /** Size of the vocabulary with added tokens: the rows that an embedding needs. */
  get length(): number {
    return this.engine.vocabularySize(true)
  }

  /** The added tokens by id, special ones included. */
  get added_tokens_decoder(): Record<number, AddedToken> {
    return Object.fromEntries(this.#added)
  }

  /** Ids of the added tokens, in the order of the ids. */
  get added_tokens_encoder(): Record<string, number> {
    const sorted = [...this.#added].sort(([a], [b]) => a - b)
    return Object.fromEntries(sorted.map(([id, { content }]) => [content, id]))
  }

  /** Ids of the added tokens: `added_tokens_encoder`. */
  get_added_vocab(): Record<string, number> {
    return this.added_tokens_encoder
  }

  /**
   * Adds tokens, which are then found in texts before anything else is. What the vocabulary has keeps its id. Returns
   * how many were added or got other flags. A model needs as many embeddings as `length` says.
   * @throws ArgumentError for what is no token
   */
  add_tokens(new_tokens: NewTokens, options: { special_tokens?: boolean } = {}): number {
    refuseUnknownOptions(options, ['special_tokens'])
    const given = Array.isArray(new_tokens) ? new_tokens : [new_tokens]
    return this.#add(given.map((token, i) => newToken(token, `new_tokens[${i}]`, options.special_tokens)))
  }

  /**
   * Gives roles to tokens and adds those that are missing. Returns how many were added or got other flags.
   * @param special_tokens tokens by role; `additional_special_tokens` for those without one
   * @param options `replace_additional_special_tokens: false` keeps those that were there; by default they lose their
   * role, and stay tokens
   * @throws ArgumentError for an unknown role or what is no token
   */
  add_special_tokens(
    special_tokens: NewSpecialTokens,
    options: { replace_additional_special_tokens?: boolean } = {},
  ): number {
    refuseUnknownOptions(options, ['replace_additional_special_tokens'])
    const { additional_special_tokens: additional = [], ...roles } = special_tokens
    const named = Object.entries(roles).map(([role, token]): [SpecialTokenName, AddedToken] => {
      const name = SPECIAL_TOKEN_NAMES.find((known) => known === role)
      if (name) return [name, newToken(token, role, true)]
      throw new ArgumentError(`'${role}' is no role of a special token`, {
        hint: `the roles are ${SPECIAL_TOKEN_NAMES.join(', ')}, additional_special_tokens`,
      })
    })
    const replace = options.replace_additional_special_tokens ?? true
    const { settings } = this
    const kept = replace && additional.length > 0 ? [] : settings.additional_special_tokens
    const more = additional
      .map((token, i) => newToken(token, `additional_special_tokens[${i}]`, true))
      .filter(({ content }) => kept.every((token) => token.content !== content))
    // A new object: tokenizers that were trained here share the one that they were made with.
    settings.special_tokens = { ...settings.special_tokens, ...Object.fromEntries(named) }
    settings.additional_special_tokens = [...kept, ...more]
    return this.#add([...named.map(([, token]) => token), ...more])
  }

  #add(tokens: readonly AddedToken[]): number {
    const count = this.engine.addTokens(tokens)
    for (const token of tokens) {
      const id = this.engine.tokenToId(token.content)
      if (id !== undefined) this.#added.set(id, token)
    }
    return count
  }
}

/**
 * Makes a token of what was given as one.
 * @param where named in the error
 * @throws ArgumentError, TokenizerError
 */
export function newToken(value: unknown, where: string, special = false): AddedToken {
  if (typeof value === 'string') return addedToken(checkText(value, where), { special })
  const isToken = typeof value === 'object' && value !== null && 'content' in value
  if (!isToken) throw new ArgumentError(`${where} must be a token (a string, or an object with content)`)
  checkText(value.content, where)
  const token = parseToken(value, where)
  return special ? { ...token, special } : token
}
