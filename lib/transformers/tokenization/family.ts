import type { AddedToken, SpecialTokenName } from './added-token.js'
import type { TokenizerDefinition } from './definition.js'
import type { TokenizerParts } from './pretrained-tokenizer.js'
import type { TokenizerSettings } from './settings.js'
import type { Json, TokenizerFolder, VocabularyFiles } from './tokenizer-folder.js'

/** A special token of a role with its id. */
export type IdOf = (role: SpecialTokenName) => [token: string, id: number]

/** What all tokenizers of one class share: their settings, and how their own files become a tokenizer.json. */
export interface TokenizerFamily {
  /** Name in tokenizer_config.json, by which Python's `AutoTokenizer` finds its class. */
  readonly tokenizerClass: string
  /** Settings where neither the files nor the caller say otherwise; what is absent is no option of the family. */
  readonly defaults: TokenizerSettings
  /** Files that stand in for a missing tokenizer.json; none where only tokenizer.json will do. */
  readonly vocabularyFiles: readonly string[]
  /**
   * The definition in those files, as `convert_slow_tokenizer` makes it, without post-processor.
   * @throws TokenizerError
   */
  fromVocabulary?(files: VocabularyFiles, settings: TokenizerSettings): TokenizerDefinition
  /** The post-processor of such a definition, made when its special tokens have their ids. */
  postProcessor?(idOf: IdOf): Json
  /** Brings a definition in line with the settings, as the constructors of Python's fast tokenizers do. */
  configure?(definition: TokenizerDefinition, settings: TokenizerSettings): void
  /**
   * Of a kind that Python has as a slow tokenizer alone: opens its own files; tokenizer.json counts for its added tokens
   * only. Rows are truncated as slow tokenizers do.
   * @param addedTokens what the folder and the settings add to the vocabulary
   * @throws TokenizerError
   */
  openSlow?(
    files: TokenizerFolder,
    settings: TokenizerSettings,
    addedTokens: readonly AddedToken[],
  ): Pick<TokenizerParts, 'engine' | 'layout' | 'addedTokens'>
}
