import type { TokenizerFamily } from './family.js'
import { PreTrainedTokenizer } from './pretrained-tokenizer.js'
import { NO_MAX_LENGTH } from './settings.js'

/**
 * Any tokenizer.json, with the special tokens that tokenizer_config.json names and no others.
 * Reference: `PreTrainedTokenizerFast` of Transformers 4.57.
 */
export class PreTrainedTokenizerFast extends PreTrainedTokenizer {
  static readonly family: TokenizerFamily = {
    tokenizerClass: 'PreTrainedTokenizerFast',
    defaults: {
      model_max_length: NO_MAX_LENGTH,
      padding_side: 'right',
      truncation_side: 'right',
      clean_up_tokenization_spaces: false,
      model_input_names: ['input_ids', 'token_type_ids', 'attention_mask'],
      special_tokens: {},
      additional_special_tokens: [],
    },
    vocabularyFiles: [],
  }
}
