/** What stands on the encoder: inputs, outputs and native head of each kind of model, for every family. */

import type { EncoderConfig } from './encoder-configuration.js'
import type {
  DecoderInputs,
  LabelledInputs,
  NextSentencePreTrainingInputs,
  QuestionAnsweringInputs,
  SentenceOrderPreTrainingInputs,
} from './inputs.js'
import type { Head } from './network.js'
import type {
  BaseModelOutput,
  MaskedLMOutput,
  MultipleChoiceModelOutput,
  NextSentencePredictorOutput,
  NextSentencePreTrainingOutput,
  QuestionAnsweringModelOutput,
  SentenceOrderPreTrainingOutput,
  SequenceClassifierOutput,
  TokenClassifierOutput,
} from './outputs.js'
import { PreTrainedModel } from './pretrained-model.js'

/** The encoder alone, with or without a pooler. */
export abstract class BaseModel<Config extends EncoderConfig> extends PreTrainedModel<
  DecoderInputs,
  BaseModelOutput,
  Config
> {
  static override readonly head: Head = 'none'
}

/** A score for each token of the vocabulary at each place. */
export abstract class ForMaskedLM<Config extends EncoderConfig> extends PreTrainedModel<
  LabelledInputs,
  MaskedLMOutput,
  Config
> {
  static override readonly head: Head = 'masked-lm'
}

/** One label, several labels or a number for each text, by `problem_type`. */
export abstract class ForSequenceClassification<Config extends EncoderConfig> extends PreTrainedModel<
  LabelledInputs,
  SequenceClassifierOutput,
  Config
> {
  static override readonly head: Head = 'sequence-classification'
}

/** A label for each token. */
export abstract class ForTokenClassification<Config extends EncoderConfig> extends PreTrainedModel<
  LabelledInputs,
  TokenClassifierOutput,
  Config
> {
  static override readonly head: Head = 'token-classification'
}

/** A first and a last token for each text. */
export abstract class ForQuestionAnswering<Config extends EncoderConfig> extends PreTrainedModel<
  QuestionAnsweringInputs,
  QuestionAnsweringModelOutput,
  Config
> {
  static override readonly head: Head = 'question-answering'
}

/** A score for each of several readings: inputs are (batch, choices, tokens). */
export abstract class ForMultipleChoice<Config extends EncoderConfig> extends PreTrainedModel<
  LabelledInputs,
  MultipleChoiceModelOutput,
  Config
> {
  static override readonly head: Head = 'multiple-choice'
}

/** Whether the second sentence follows the first. */
export abstract class ForNextSentencePrediction<Config extends EncoderConfig> extends PreTrainedModel<
  LabelledInputs,
  NextSentencePredictorOutput,
  Config
> {
  static override readonly head: Head = 'sentence-pair'
}

/** BERT's pre-training: masked LM and next sentence. */
export abstract class ForNextSentencePreTraining<Config extends EncoderConfig> extends PreTrainedModel<
  NextSentencePreTrainingInputs,
  NextSentencePreTrainingOutput,
  Config
> {
  static override readonly head: Head = 'pre-training'
  static override readonly inputNames = { sentence_label: 'next_sentence_label' }
  static override readonly outputNames = { sentence_logits: 'seq_relationship_logits' }
}

/** ALBERT's pre-training: masked LM and sentence order. */
export abstract class ForSentenceOrderPreTraining<Config extends EncoderConfig> extends PreTrainedModel<
  SentenceOrderPreTrainingInputs,
  SentenceOrderPreTrainingOutput,
  Config
> {
  static override readonly head: Head = 'pre-training'
  static override readonly inputNames = { sentence_label: 'sentence_order_label' }
  static override readonly outputNames = { sentence_logits: 'sop_logits' }
}
