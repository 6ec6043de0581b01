import { TokenizerError } from '../../errors.js'
import type { AddedToken } from './added-token.js'

type Json = Record<string, unknown>

/** The parts of a `tokenizer.json` that this package reads or changes; the engine reads all of it. */
export interface TokenizerDefinition {
  version: string
  truncation: { direction?: string } | null
  padding: { direction?: string; pad_token?: string } | null
  added_tokens: (AddedToken & { id: number })[]
  normalizer: Json | null
  pre_tokenizer: Json | null
  post_processor: Json | null
  decoder: Json | null
  model: Json & { vocab: Record<string, number> | [string, number][] }
}

/**
 * Checks that a parsed JSON value is a tokenizer definition.
 * @param file named in the error
 * @throws TokenizerError
 */
export function checkDefinition(value: unknown, file: string): TokenizerDefinition {
  const definition = value as Partial<TokenizerDefinition> | null
  if (typeof definition?.model?.vocab !== 'object' || definition.model.vocab === null) {
    throw new TokenizerError(`${file} is not a tokenizer definition: it has no model with a vocab`)
  }
  return { ...definition, added_tokens: definition.added_tokens ?? [] } as TokenizerDefinition
}

function idInModel({ model }: TokenizerDefinition, content: string): number | undefined {
  if (!Array.isArray(model.vocab))
    return Object.hasOwn(model.vocab, content) ? model.vocab[content] : undefined
  const index = model.vocab.findLastIndex(([token]) => token === content)
  return index < 0 ? undefined : index
}

/**
 * Adds tokens, or gives the flags of `tokens` to those that are there already. New ones get the id that the model
 * has for them, otherwise the next free id, as `AddedVocabulary::add_tokens` does.
 */
export function addTokens(definition: TokenizerDefinition, tokens: readonly AddedToken[]): void {
  const added = definition.added_tokens
  for (const token of tokens) {
    const known = added.find(({ content }) => content === token.content)
    if (known) {
      Object.assign(known, token)
      continue
    }
    const size = Object.keys(definition.model.vocab).length
    const free = Math.max(size, ...added.map(({ id }) => id + 1))
    added.push({ id: idInModel(definition, token.content) ?? free, ...token })
  }
  added.sort((a, b) => a.id - b.id)
}
