import { addedToken } from './added-token.js'
import { BertweetEngine } from './bertweet/bertweet-engine.js'
import { parseBpeCodes } from './bertweet/bpe-codes.js'
import { parseCountedVocabulary } from './bertweet/vocabulary-file.js'
import type { TokenizerFamily } from './family.js'
import { PreTrainedTokenizer } from './pretrained-tokenizer.js'
import { NO_MAX_LENGTH } from './settings.js'
import type { SpecialPiece } from './special-layout.js'
import { type SpecialLayout, text } from './special-layout.js'
import type { Json } from './tokenizer-folder.js'

const marker = (content: string) => addedToken(content, { special: true })

const FIRST_ROLES = ['bos_token', 'pad_token', 'eos_token', 'unk_token'] as const

/** `<s> A </s>`, and `<s> A </s></s> B </s>` for a pair, all of token type 0. */
function layoutOf(engine: BertweetEngine, cls: string, sep: string): SpecialLayout {
  const special = (token: string): SpecialPiece => {
    return { special: true, token, id: engine.tokenToId(token) ?? 0, typeId: 0 }
  }
  const single = [special(cls), text(0, 0), special(sep)]
  return { single, pair: [...single, special(sep), text(1, 0), special(sep)] }
}

const BERTWEET: TokenizerFamily = {
  tokenizerClass: 'BertweetTokenizer',
  defaults: {
    model_max_length: NO_MAX_LENGTH,
    padding_side: 'right',
    truncation_side: 'right',
    clean_up_tokenization_spaces: false,
    model_input_names: ['input_ids', 'token_type_ids', 'attention_mask'],
    normalization: false,
    special_tokens: {
      bos_token: marker('<s>'),
      eos_token: marker('</s>'),
      unk_token: marker('<unk>'),
      sep_token: marker('</s>'),
      pad_token: marker('<pad>'),
      cls_token: marker('<s>'),
      mask_token: marker('<mask>'),
    },
    additional_special_tokens: [],
  },
  vocabularyFiles: ['vocab.txt', 'bpe.codes'],
  openSlow({ vocabularyFiles, config }, settings, addedTokens) {
    const read = (name: string) => vocabularyFiles[name]?.toString('utf8') ?? ''
    const content = (role: keyof typeof settings.special_tokens) =>
      settings.special_tokens[role]?.content ?? ''
    const ids = parseCountedVocabulary(read('vocab.txt'), FIRST_ROLES.map(content))
    const model = { ids, codes: parseBpeCodes(read('bpe.codes')), settings }
    const given = Object.entries((config.added_tokens_decoder ?? {}) as Record<string, Json | string>)
    const idOf = new Map(
      given.map(([id, token]) => [typeof token === 'string' ? token : String(token.content), Number(id)]),
    )
    const withId = addedTokens.flatMap((token) => {
      const id = idOf.get(token.content)
      return id === undefined ? [] : [{ ...token, id }]
    })
    const engine = new BertweetEngine(model, withId)
    engine.addTokens(addedTokens.filter((token) => !idOf.has(token.content)))
    const layout = layoutOf(engine, content('cls_token'), content('sep_token'))
    return { engine, layout, addedTokens: engine.addedTokens() }
  },
}

/**
 * BERTweet's tokenizer: byte-pair encoding of words, `<s> A </s>` for a text, `<s> A </s></s> B </s>` for a pair. With
 * `normalization: true` texts are first rewritten as the tweets that the model was trained on: `@USER`, `HTTPURL`, emoji
 * by their English names.
 *
 * Python has it as a slow tokenizer alone, whose answers these are. It refuses offsets and word ids; here they are
 * refused where texts are rewritten. Where texts are cut off, `return_overflowing_tokens` gives rows as fast tokenizers
 * do. A row that is too short to be cut keeps its length, as in Python, and a warning says so.
 * Reference: `BertweetTokenizer` of Transformers 4.57 with Python's package `emoji` installed.
 */
export class BertweetTokenizer extends PreTrainedTokenizer<never> {
  static readonly family: TokenizerFamily = BERTWEET
}
