import { TokenizerError } from '../../errors.js'

/** A token outside the trained vocabulary, as `tokenizers.AddedToken`. */
export interface AddedToken {
  content: string
  /** Match only whole words. */
  single_word: boolean
  /** Swallow blanks on the left. */
  lstrip: boolean
  /** Swallow blanks on the right. */
  rstrip: boolean
  /** Match in the normalized text. */
  normalized: boolean
  /** Left out by `skip_special_tokens`. */
  special: boolean
}

/** Makes an added token with Python's defaults: normalized unless special. */
export function addedToken(content: string, options: Partial<AddedToken> = {}): AddedToken {
  const special = options.special ?? false
  const { single_word = false, lstrip = false, rstrip = false, normalized = !special } = options
  return { content, single_word, lstrip, rstrip, normalized, special }
}

/**
 * Reads a token as configuration files write it: a string, or an object with `content`.
 * @param where named in the error
 * @throws TokenizerError
 */
export function parseToken(value: unknown, where: string, options: Partial<AddedToken> = {}): AddedToken {
  if (typeof value === 'string') return addedToken(value, options)
  const token = value as Partial<AddedToken> | null | undefined
  if (typeof token?.content === 'string') return addedToken(token.content, { ...options, ...token })
  throw new TokenizerError(
    `${where} must be a token (a string, or an object with content), got ${JSON.stringify(value)}`,
  )
}

/** The roles that special tokens have. */
export const SPECIAL_TOKEN_NAMES = [
  'bos_token',
  'eos_token',
  'unk_token',
  'sep_token',
  'pad_token',
  'cls_token',
  'mask_token',
] as const

export type SpecialTokenName = (typeof SPECIAL_TOKEN_NAMES)[number]
