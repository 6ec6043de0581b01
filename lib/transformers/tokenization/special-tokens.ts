import type { AddedToken, SpecialTokenName } from './added-token.js'
import { Callable } from './callable.js'
import type { TokenizerEngine } from './engine.js'
import type { TokenizerSettings } from './settings.js'

/**
 * The special tokens of a tokenizer by role. Reference: `SpecialTokensMixin`.
 * @typeParam Missing what stands where there is none: `null`, or `never` for kinds of tokenizers that have them all
 */
export abstract class SpecialTokens<Missing extends null = null> extends Callable {
  protected readonly engine: TokenizerEngine
  protected readonly settings: TokenizerSettings

  constructor(engine: TokenizerEngine, settings: TokenizerSettings) {
    super()
    this.engine = engine
    this.settings = settings
  }

  #token(name: SpecialTokenName): string | Missing {
    return this.settings.special_tokens[name]?.content ?? (null as Missing)
  }

  #id(name: SpecialTokenName): number | Missing {
    const token: string | null = this.#token(name)
    return (token === null ? undefined : this.engine.tokenToId(token)) ?? (null as Missing)
  }

  /** Token at the beginning of a text. */
  get bos_token(): string | Missing {
    return this.#token('bos_token')
  }

  /** Token at the end of a text. */
  get eos_token(): string | Missing {
    return this.#token('eos_token')
  }

  /** Token for what the vocabulary lacks. */
  get unk_token(): string | Missing {
    return this.#token('unk_token')
  }

  /** Token between two texts. */
  get sep_token(): string | Missing {
    return this.#token('sep_token')
  }

  /** Token that fills short rows. */
  get pad_token(): string | Missing {
    return this.#token('pad_token')
  }

  /** Token whose output classifies the text. */
  get cls_token(): string | Missing {
    return this.#token('cls_token')
  }

  /** Token that masked language models predict. */
  get mask_token(): string | Missing {
    return this.#token('mask_token')
  }

  get bos_token_id(): number | Missing {
    return this.#id('bos_token')
  }

  get eos_token_id(): number | Missing {
    return this.#id('eos_token')
  }

  get unk_token_id(): number | Missing {
    return this.#id('unk_token')
  }

  get sep_token_id(): number | Missing {
    return this.#id('sep_token')
  }

  get pad_token_id(): number | Missing {
    return this.#id('pad_token')
  }

  get cls_token_id(): number | Missing {
    return this.#id('cls_token')
  }

  get mask_token_id(): number | Missing {
    return this.#id('mask_token')
  }

  /** Token type that padding has. */
  get pad_token_type_id(): number {
    return 0
  }

  get additional_special_tokens(): string[] {
    return this.settings.additional_special_tokens.map(({ content }) => content)
  }

  /** Special tokens by role. */
  get special_tokens_map(): Partial<Record<SpecialTokenName, string>> & {
    additional_special_tokens?: string[]
  } {
    const named = Object.entries(this.settings.special_tokens) as [SpecialTokenName, AddedToken][]
    const additional = this.additional_special_tokens
    return {
      ...Object.fromEntries(named.map(([name, { content }]) => [name, content])),
      ...(additional.length > 0 && { additional_special_tokens: additional }),
    }
  }

  /** All special tokens, each once. */
  get all_special_tokens(): string[] {
    const named = Object.values(this.settings.special_tokens).map(({ content }) => content)
    return [...new Set([...named, ...this.additional_special_tokens])]
  }

  /** Ids of `all_special_tokens`. */
  get all_special_ids(): number[] {
    return this.all_special_tokens.flatMap((token) => this.engine.tokenToId(token) ?? [])
  }
}
