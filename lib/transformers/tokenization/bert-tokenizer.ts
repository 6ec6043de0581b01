import { addedToken } from './added-token.js'
import type { TokenizerFamily } from './family.js'
import { PreTrainedTokenizer } from './pretrained-tokenizer.js'
import { NO_MAX_LENGTH } from './settings.js'
import { bertProcessing, setBertNormalizer, wordPieceFromVocabulary } from './word-piece.js'

const marker = (content: string) => addedToken(content, { special: true })

const BERT: TokenizerFamily = {
  tokenizerClass: 'BertTokenizer',
  defaults: {
    model_max_length: NO_MAX_LENGTH,
    padding_side: 'right',
    truncation_side: 'right',
    clean_up_tokenization_spaces: false,
    model_input_names: ['input_ids', 'token_type_ids', 'attention_mask'],
    do_lower_case: true,
    strip_accents: null,
    tokenize_chinese_chars: true,
    special_tokens: {
      unk_token: marker('[UNK]'),
      sep_token: marker('[SEP]'),
      pad_token: marker('[PAD]'),
      cls_token: marker('[CLS]'),
      mask_token: marker('[MASK]'),
    },
    additional_special_tokens: [],
  },
  vocabularyFiles: ['vocab.txt'],
  fromVocabulary: wordPieceFromVocabulary,
  postProcessor: bertProcessing,
  configure: setBertNormalizer,
}

/**
 * BERT's WordPiece tokenizer: `[CLS] A [SEP]` for a text, `[CLS] A [SEP] B [SEP]` for a pair, whose second part has
 * token type 1. Chinese RoBERTa (roberta-wwm-ext and its kin) uses it too.
 *
 * As in Python, `do_lower_case` is true unless the folder's tokenizer_config.json or the caller says otherwise, even
 * where tokenizer.json says it.
 * Reference: `BertTokenizerFast` of Transformers 4.57.
 */
export class BertTokenizer extends PreTrainedTokenizer {
  static readonly family: TokenizerFamily = BERT
}
