import { ArgumentError, TokenizerError } from '../../errors.js'
import { type AddedToken, parseToken, SPECIAL_TOKEN_NAMES, type SpecialTokenName } from './added-token.js'
import type { TokenizerDefinition } from './definition.js'
import type { TokenizerFamily } from './family.js'
import { refuseUnknownOptions } from './options.js'
import type { Json, TokenizerFolder } from './tokenizer-folder.js'
import type { Side } from './truncation.js'

/** Python's `VERY_LARGE_INTEGER`: a `model_max_length` that means "no limit". */
export const NO_MAX_LENGTH = 1e30

/** What belongs to a tokenizer beside its definition: the keyword arguments of Python's constructors. */
export interface TokenizerSettings {
  /** Longest row, in tokens, that the model takes. */
  model_max_length: number
  padding_side: Side
  truncation_side: Side
  /** Undo blanks before punctuation when decoding. */
  clean_up_tokenization_spaces: boolean
  /** Fields that a call returns unless told otherwise. */
  model_input_names: string[]
  /** RoBERTa: treat the first word of a text as every other word; needed for input that is split into words. */
  add_prefix_space?: boolean
  /** RoBERTa: leave blanks out of offsets. */
  trim_offsets?: boolean
  /** BERT: lower the case of all letters. */
  do_lower_case?: boolean
  /** BERT: remove accents; `null` does so where `do_lower_case` is true. */
  strip_accents?: boolean | null
  /** BERT: make a word of every Chinese character. */
  tokenize_chinese_chars?: boolean
  /** BERTweet: rewrite texts as the tweets that it was trained on. */
  normalization?: boolean
  special_tokens: Partial<Record<SpecialTokenName, AddedToken>>
  additional_special_tokens: AddedToken[]
}

/** Options of `from_pretrained`: they take precedence over the files of the folder. */
export type LoadTokenizerOptions = Partial<
  Omit<TokenizerSettings, 'special_tokens' | 'additional_special_tokens'> &
    Record<SpecialTokenName, string | AddedToken> & { additional_special_tokens: (string | AddedToken)[] }
>

const isBoolean = (value: unknown) => typeof value === 'boolean'

const PLAIN_SETTINGS: [keyof TokenizerSettings, check: (value: unknown) => boolean, wanted: string][] = [
  ['model_max_length', (value) => typeof value === 'number' && value >= 0, 'a number of tokens'],
  ['padding_side', (value) => value === 'left' || value === 'right', "'left' or 'right'"],
  ['truncation_side', (value) => value === 'left' || value === 'right', "'left' or 'right'"],
  ['clean_up_tokenization_spaces', isBoolean, 'true or false'],
  ['model_input_names', Array.isArray, 'an array of names'],
  ['add_prefix_space', isBoolean, 'true or false'],
  ['trim_offsets', isBoolean, 'true or false'],
  ['do_lower_case', isBoolean, 'true or false'],
  ['strip_accents', isBoolean, 'true, false or null'],
  ['tokenize_chinese_chars', isBoolean, 'true or false'],
  ['normalization', isBoolean, 'true or false'],
]

/** Added tokens that the folder names outside `tokenizer.json`, in the order of their ids. */
function addedTokensOf({ config, addedTokens }: TokenizerFolder): AddedToken[] {
  const decoder = config.added_tokens_decoder as Json | undefined
  const entries: [number, unknown][] = decoder
    ? Object.entries(decoder).map(([id, token]) => [Number(id), token])
    : Object.entries(addedTokens ?? {}).map(([content, id]) => [Number(id), content])
  const file = decoder ? 'added_tokens_decoder' : 'added_tokens.json'
  return entries.sort(([a], [b]) => a - b).map(([id, token]) => parseToken(token, `${file}: token ${id}`))
}

/** Result of `resolveSettings`. */
export interface ResolvedSettings {
  readonly settings: TokenizerSettings
  /** Tokens to give to the definition. */
  readonly addedTokens: readonly AddedToken[]
}

/**
 * Brings together defaults, the folder's files and the caller's options in the order of
 * `PreTrainedTokenizerBase._from_pretrained` (4.57): options, tokenizer_config.json, special_tokens_map.json (only
 * where the former has no `added_tokens_decoder`), truncation and padding of tokenizer.json, defaults.
 * @throws ArgumentError for an unknown option, TokenizerError for a damaged file
 */
export function resolveSettings(
  { defaults }: TokenizerFamily,
  folder: TokenizerFolder,
  options: LoadTokenizerOptions,
): ResolvedSettings {
  const settingsHere = PLAIN_SETTINGS.filter(([name]) => name in defaults)
  const names = settingsHere.map(([name]) => name)
  refuseUnknownOptions(options, [...names, ...SPECIAL_TOKEN_NAMES, 'additional_special_tokens'])
  const { config, definition } = folder
  const legacy = config.added_tokens_decoder ? {} : (folder.specialTokensMap ?? {})
  const values: Json = { ...inherited(definition), ...config, ...legacy, ...options }

  const plain = settingsHere.flatMap(([name, check, wanted]) => {
    const value = values[name]
    if (value === undefined || value === null) return []
    if (check(value)) return [[name, value]]
    const message = `${name} must be ${wanted}, got ${JSON.stringify(value)}`
    throw name in options ? new ArgumentError(message) : new TokenizerError(`${folder.path}: ${message}`)
  })

  const added = addedTokensOf(folder)
  const known = new Map(
    [...(definition?.added_tokens ?? []), ...added].map((token) => [token.content, token]),
  )
  const named = (value: unknown, where: string, flags: Partial<AddedToken> = {}): AddedToken => {
    const token = parseToken(value, where, { ...flags, special: true })
    const same = typeof value === 'string' ? known.get(token.content) : undefined
    return { ...token, ...same, special: true }
  }
  const special_tokens = { ...defaults.special_tokens }
  for (const name of SPECIAL_TOKEN_NAMES) {
    const value = values[name]
    if (value === null) delete special_tokens[name]
    else if (value !== undefined) special_tokens[name] = named(value, name, defaults.special_tokens[name])
  }
  const additional = (values.additional_special_tokens ?? defaults.additional_special_tokens) as unknown[]
  const settings: TokenizerSettings = {
    ...defaults,
    ...Object.fromEntries(plain),
    special_tokens,
    additional_special_tokens: additional.map((value) => named(value, 'additional_special_tokens')),
  }
  return { settings, addedTokens: tokensToAdd(settings, added, known) }
}

function tokensToAdd(
  { special_tokens, additional_special_tokens }: TokenizerSettings,
  added: readonly AddedToken[],
  known: ReadonlyMap<string, AddedToken>,
): AddedToken[] {
  const special = [...Object.values(special_tokens), ...additional_special_tokens]
  const isSpecial = (content: string) => special.some((token) => token.content === content)
  const missing = special.filter(({ content }) => !known.has(content))
  return [
    ...added.map((token) => ({ ...token, special: token.special || isSpecial(token.content) })),
    ...missing,
  ]
}

/** Sides and padding token that a tokenizer.json keeps in its truncation and padding sections. */
function inherited(definition: TokenizerDefinition | undefined): Json {
  const values: Json = {}
  if (definition?.truncation?.direction)
    values.truncation_side = definition.truncation.direction.toLowerCase()
  if (definition?.padding?.direction) values.padding_side = definition.padding.direction.toLowerCase()
  if (definition?.padding?.pad_token) values.pad_token = definition.padding.pad_token
  return values
}
