/** The models of transformers' modeling_roberta.py on the shared encoder. */

import { ForCausalLM } from '../modeling/causal-lm.js'
import {
  BaseModel,
  ForMaskedLM,
  ForMultipleChoice,
  ForQuestionAnswering,
  ForSentenceOrderPreTraining,
  ForSequenceClassification,
  ForTokenClassification,
} from '../modeling/heads.js'
import { RobertaConfig } from './configuration.js'

/** transformers RobertaModel: the encoder, with a pooler over the first token unless `add_pooling_layer` is false. */
export class RobertaModel extends BaseModel<RobertaConfig> {
  static override readonly config_class = RobertaConfig
}

/** transformers RobertaForCausalLM: predicts each token from those before it; needs `is_decoder`. */
export class RobertaForCausalLM extends ForCausalLM<RobertaConfig> {
  static override readonly config_class = RobertaConfig
  static override readonly base_class = RobertaModel
}

/** transformers RobertaForMaskedLM: predicts the tokens behind the mask. */
export class RobertaForMaskedLM extends ForMaskedLM<RobertaConfig> {
  static override readonly config_class = RobertaConfig
  static override readonly base_class = RobertaModel
}

/** transformers RobertaForSequenceClassification: labels or scores for whole texts. */
export class RobertaForSequenceClassification extends ForSequenceClassification<RobertaConfig> {
  static override readonly config_class = RobertaConfig
  static override readonly base_class = RobertaModel
}

/** transformers RobertaForTokenClassification: a label for each token. */
export class RobertaForTokenClassification extends ForTokenClassification<RobertaConfig> {
  static override readonly config_class = RobertaConfig
  static override readonly base_class = RobertaModel
}

/** transformers RobertaForQuestionAnswering: where in the text the answer begins and ends. */
export class RobertaForQuestionAnswering extends ForQuestionAnswering<RobertaConfig> {
  static override readonly config_class = RobertaConfig
  static override readonly base_class = RobertaModel
}

/** transformers RobertaForMultipleChoice: the best of several readings. */
export class RobertaForMultipleChoice extends ForMultipleChoice<RobertaConfig> {
  static override readonly config_class = RobertaConfig
  static override readonly base_class = RobertaModel
}

/** masked LM and sentence order in one loss, with the head of transformers AlbertForPreTraining. */
export class RobertaForPreTraining extends ForSentenceOrderPreTraining<RobertaConfig> {
  static override readonly config_class = RobertaConfig
  static override readonly base_class = RobertaModel
}
