import { addedToken } from './added-token.js'
import type { TokenizerFamily } from './family.js'
import { PreTrainedTokenizer } from './pretrained-tokenizer.js'
import { type FairseqLayout, fairseqProcessing, fromSentencePiece, MODEL_FILE } from './sentencepiece.js'
import { NO_MAX_LENGTH, type TokenizerSettings } from './settings.js'

const marker = (content: string) => addedToken(content, { special: true })

const SETTINGS: TokenizerSettings = {
  model_max_length: NO_MAX_LENGTH,
  padding_side: 'right',
  truncation_side: 'right',
  clean_up_tokenization_spaces: false,
  model_input_names: ['input_ids', 'attention_mask'],
  special_tokens: {
    bos_token: marker('<s>'),
    eos_token: marker('</s>'),
    unk_token: marker('<unk>'),
    sep_token: marker('</s>'),
    pad_token: marker('<pad>'),
    cls_token: marker('<s>'),
    // As RoBERTa's: it swallows the blank before it.
    mask_token: addedToken('<mask>', { special: true, lstrip: true }),
  },
  additional_special_tokens: [],
}

/** Fairseq's four tokens stand for the model's `<unk> <s> </s>`: ids are the model's, plus one. */
const XLM_ROBERTA_LAYOUT: FairseqLayout = {
  before: [
    ['<s>', 0],
    ['<pad>', 0],
    ['</s>', 0],
    ['<unk>', 0],
  ],
  skipped: 3,
}

/** CamemBERT has fairseq's tokens and the model's own `<s>` and `</s>`, which are the ones in use: ids are the model's, plus 4. */
const CAMEMBERT_LAYOUT: FairseqLayout = {
  before: [
    ['<s>NOTUSED', 0],
    ['<pad>', 0],
    ['</s>NOTUSED', 0],
    ['<unk>', 0],
    ['<unk>NOTUSED', -100],
  ],
  skipped: 1,
}

const unigramFamily = (
  tokenizerClass: string,
  layout: FairseqLayout,
  defaults: TokenizerSettings,
): TokenizerFamily => ({
  tokenizerClass,
  defaults,
  vocabularyFiles: [MODEL_FILE],
  fromVocabulary: (files) => fromSentencePiece(files, layout),
  postProcessor: fairseqProcessing,
})

/**
 * XLM-R's tokenizer, SentencePiece's Unigram: `<s> A </s>` for a text, `<s> A </s></s> B </s>` for a pair.
 * Reference: `XLMRobertaTokenizerFast` of Transformers 4.57.
 */
export class XLMRobertaTokenizer extends PreTrainedTokenizer<never> {
  static readonly family = unigramFamily('XLMRobertaTokenizer', XLM_ROBERTA_LAYOUT, SETTINGS)
}

/**
 * CamemBERT's tokenizer, SentencePiece's Unigram: `<s> A </s>` for a text, `<s> A </s></s> B </s>` for a pair.
 * Reference: `CamembertTokenizerFast` of Transformers 4.57.
 */
export class CamembertTokenizer extends PreTrainedTokenizer<never> {
  static readonly family = unigramFamily('CamembertTokenizer', CAMEMBERT_LAYOUT, {
    ...SETTINGS,
    additional_special_tokens: ['<s>NOTUSED', '</s>NOTUSED', '<unk>NOTUSED'].map(marker),
  })
}
