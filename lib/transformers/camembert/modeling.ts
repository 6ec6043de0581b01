/** The models of transformers' modeling_camembert.py on the shared encoder. */

import { ForCausalLM } from '../modeling/causal-lm.js'
import {
  BaseModel,
  ForMaskedLM,
  ForMultipleChoice,
  ForQuestionAnswering,
  ForSequenceClassification,
  ForTokenClassification,
} from '../modeling/heads.js'
import { CamembertConfig } from './configuration.js'

/** transformers CamembertModel: the encoder, with a pooler over the first token unless `add_pooling_layer` is false. */
export class CamembertModel extends BaseModel<CamembertConfig> {
  static override readonly config_class = CamembertConfig
}

/** transformers CamembertForCausalLM: predicts each token from those before it; needs `is_decoder`. */
export class CamembertForCausalLM extends ForCausalLM<CamembertConfig> {
  static override readonly config_class = CamembertConfig
  static override readonly base_class = CamembertModel
}

/** transformers CamembertForMaskedLM: predicts the tokens behind the mask. */
export class CamembertForMaskedLM extends ForMaskedLM<CamembertConfig> {
  static override readonly config_class = CamembertConfig
  static override readonly base_class = CamembertModel
}

/** transformers CamembertForSequenceClassification: labels or scores for whole texts. */
export class CamembertForSequenceClassification extends ForSequenceClassification<CamembertConfig> {
  static override readonly config_class = CamembertConfig
  static override readonly base_class = CamembertModel
}

/** transformers CamembertForTokenClassification: a label for each token. */
export class CamembertForTokenClassification extends ForTokenClassification<CamembertConfig> {
  static override readonly config_class = CamembertConfig
  static override readonly base_class = CamembertModel
}

/** transformers CamembertForQuestionAnswering: where in the text the answer begins and ends. */
export class CamembertForQuestionAnswering extends ForQuestionAnswering<CamembertConfig> {
  static override readonly config_class = CamembertConfig
  static override readonly base_class = CamembertModel
}

/** transformers CamembertForMultipleChoice: the best of several readings. */
export class CamembertForMultipleChoice extends ForMultipleChoice<CamembertConfig> {
  static override readonly config_class = CamembertConfig
  static override readonly base_class = CamembertModel
}
