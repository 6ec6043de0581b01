/** The models of transformers' modeling_bert.py on the shared encoder. */

import { ForCausalLM } from '../modeling/causal-lm.js'
import {
  BaseModel,
  ForMaskedLM,
  ForMultipleChoice,
  ForNextSentencePrediction,
  ForNextSentencePreTraining,
  ForQuestionAnswering,
  ForSequenceClassification,
  ForTokenClassification,
} from '../modeling/heads.js'
import { BertConfig } from './configuration.js'

/** transformers BertModel: the encoder, with a pooler over the first token unless `add_pooling_layer` is false. */
export class BertModel extends BaseModel<BertConfig> {
  static override readonly config_class = BertConfig
}

/** transformers BertLMHeadModel: predicts each token from those before it; needs `is_decoder`. */
export class BertLMHeadModel extends ForCausalLM<BertConfig> {
  static override readonly config_class = BertConfig
  static override readonly base_class = BertModel
}

/** transformers BertForMaskedLM: predicts the tokens behind the mask. */
export class BertForMaskedLM extends ForMaskedLM<BertConfig> {
  static override readonly config_class = BertConfig
  static override readonly base_class = BertModel
}

/** transformers BertForSequenceClassification: labels or scores for whole texts. */
export class BertForSequenceClassification extends ForSequenceClassification<BertConfig> {
  static override readonly config_class = BertConfig
  static override readonly base_class = BertModel
}

/** transformers BertForTokenClassification: a label for each token. */
export class BertForTokenClassification extends ForTokenClassification<BertConfig> {
  static override readonly config_class = BertConfig
  static override readonly base_class = BertModel
}

/** transformers BertForQuestionAnswering: where in the text the answer begins and ends. */
export class BertForQuestionAnswering extends ForQuestionAnswering<BertConfig> {
  static override readonly config_class = BertConfig
  static override readonly base_class = BertModel
}

/** transformers BertForMultipleChoice: the best of several readings. */
export class BertForMultipleChoice extends ForMultipleChoice<BertConfig> {
  static override readonly config_class = BertConfig
  static override readonly base_class = BertModel
}

/** transformers BertForPreTraining: masked LM and next sentence in one loss. */
export class BertForPreTraining extends ForNextSentencePreTraining<BertConfig> {
  static override readonly config_class = BertConfig
  static override readonly base_class = BertModel
}

/** transformers BertForNextSentencePrediction: whether the second sentence follows the first. */
export class BertForNextSentencePrediction extends ForNextSentencePrediction<BertConfig> {
  static override readonly config_class = BertConfig
  static override readonly base_class = BertModel
}
