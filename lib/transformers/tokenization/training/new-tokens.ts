import type { AddedToken } from '../added-token.js'
import { checkText } from '../inputs.js'
import type { TokenizerSettings } from '../settings.js'
import { newToken } from '../vocabulary.js'
import type { TrainingProgress } from './train.js'

/** Options of `train_from_iterator`. */
export interface TrainTokenizerOptions {
  /** Tokens of the vocabulary, special tokens and first characters or bytes included. Default 30,000. */
  vocab_size?: number
  /** Pairs that occur less often are not merged. Default 2. */
  min_frequency?: number
  /** Get the first ids, in this order. Default: those of the class. */
  special_tokens?: readonly string[]
  /** Longest row, in tokens, of the model to come. Default: no limit. */
  model_max_length?: number
  signal?: AbortSignal
  onProgress?: (progress: TrainingProgress) => void
}

/** Options of `train_new_from_iterator`. */
export interface TrainNewTokenizerOptions
  extends Pick<TrainTokenizerOptions, 'min_frequency' | 'signal' | 'onProgress'> {
  /** Further special tokens, after those of the tokenizer. `min_frequency` is 0 unless it is given. */
  new_special_tokens?: readonly (string | AddedToken)[]
  /** New names of special tokens, by the old ones. */
  special_tokens_map?: Readonly<Record<string, string>>
}

export const TRAIN_NEW_OPTIONS: readonly (keyof TrainNewTokenizerOptions)[] = [
  'min_frequency',
  'signal',
  'onProgress',
  'new_special_tokens',
  'special_tokens_map',
]

/**
 * The special tokens of a tokenizer to be trained after another one, in the order of their ids, and its settings.
 * Reference: `PreTrainedTokenizerFast.train_new_from_iterator` of Transformers 4.57.
 */
export function newTokens(
  settings: TokenizerSettings,
  added: Readonly<Record<number, AddedToken>>,
  options: TrainNewTokenizerOptions,
): { special: AddedToken[]; settings: TokenizerSettings } {
  const names = options.special_tokens_map ?? {}
  const renamed = <T extends AddedToken>(token: T): T => {
    const content = Object.hasOwn(names, token.content) ? names[token.content] : undefined
    return content === undefined ? token : { ...token, content: checkText(content, token.content) }
  }
  const more = (options.new_special_tokens ?? []).map((token, i) =>
    newToken(token, `new_special_tokens[${i}]`, true),
  )
  const kept = Object.values(added).filter(({ special }) => special)
  const roles = Object.entries(settings.special_tokens).map(([role, token]) => [role, renamed(token)])
  return {
    special: [...kept.map(renamed), ...more],
    settings: {
      ...settings,
      special_tokens: Object.fromEntries(roles),
      additional_special_tokens: [...settings.additional_special_tokens, ...more],
    },
  }
}
