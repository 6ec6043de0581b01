/** The models of transformers' modeling_xlm_roberta.py on the shared encoder. */

import { ForCausalLM } from '../modeling/causal-lm.js'
import {
  BaseModel,
  ForMaskedLM,
  ForMultipleChoice,
  ForQuestionAnswering,
  ForSequenceClassification,
  ForTokenClassification,
} from '../modeling/heads.js'
import { XLMRobertaConfig } from './configuration.js'

/** transformers XLMRobertaModel: the encoder, with a pooler over the first token unless `add_pooling_layer` is false. */
export class XLMRobertaModel extends BaseModel<XLMRobertaConfig> {
  static override readonly config_class = XLMRobertaConfig
}

/** transformers XLMRobertaForCausalLM: predicts each token from those before it; needs `is_decoder`. */
export class XLMRobertaForCausalLM extends ForCausalLM<XLMRobertaConfig> {
  static override readonly config_class = XLMRobertaConfig
  static override readonly base_class = XLMRobertaModel
}

/** transformers XLMRobertaForMaskedLM: predicts the tokens behind the mask. */
export class XLMRobertaForMaskedLM extends ForMaskedLM<XLMRobertaConfig> {
  static override readonly config_class = XLMRobertaConfig
  static override readonly base_class = XLMRobertaModel
}

/** transformers XLMRobertaForSequenceClassification: labels or scores for whole texts. */
export class XLMRobertaForSequenceClassification extends ForSequenceClassification<XLMRobertaConfig> {
  static override readonly config_class = XLMRobertaConfig
  static override readonly base_class = XLMRobertaModel
}

/** transformers XLMRobertaForTokenClassification: a label for each token. */
export class XLMRobertaForTokenClassification extends ForTokenClassification<XLMRobertaConfig> {
  static override readonly config_class = XLMRobertaConfig
  static override readonly base_class = XLMRobertaModel
}

/** transformers XLMRobertaForQuestionAnswering: where in the text the answer begins and ends. */
export class XLMRobertaForQuestionAnswering extends ForQuestionAnswering<XLMRobertaConfig> {
  static override readonly config_class = XLMRobertaConfig
  static override readonly base_class = XLMRobertaModel
}

/** transformers XLMRobertaForMultipleChoice: the best of several readings. */
export class XLMRobertaForMultipleChoice extends ForMultipleChoice<XLMRobertaConfig> {
  static override readonly config_class = XLMRobertaConfig
  static override readonly base_class = XLMRobertaModel
}
