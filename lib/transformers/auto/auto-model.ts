/** transformers AutoModel and its siblings: the model class that `config.json` asks for. */

import { ConfigError } from '../../errors.js'
import { resolveModelFolder, splitHubOptions } from '../../hub/index.js'
import * as bert from '../bert/modeling.js'
import * as camembert from '../camembert/modeling.js'
import type { ForCausalLM } from '../modeling/causal-lm.js'
import type { EncoderConfig } from '../modeling/encoder-configuration.js'
import type {
  BaseModel,
  ForMaskedLM,
  ForMultipleChoice,
  ForNextSentencePrediction,
  ForNextSentencePreTraining,
  ForQuestionAnswering,
  ForSequenceClassification,
  ForTokenClassification,
} from '../modeling/heads.js'
import type { ModelOptions } from '../modeling/network.js'
import type {
  AnyPreTrainedModel,
  FromPretrainedOptions,
  LoadingOptions,
  ModelClass,
} from '../modeling/pretrained-model.js'
import { PreTrainedModel, reportedName } from '../modeling/pretrained-model.js'
import * as roberta from '../roberta/modeling.js'
import { wantedModel } from '../wanted-files.js'
import * as xlmRoberta from '../xlm-roberta/modeling.js'
import { AutoConfig } from './auto-config.js'

/** A task's class for each family that has it. */
export interface AutoClass<Model extends AnyPreTrainedModel> {
  /**
   * Loads a folder or a hub id into the class that fits its `config.json`; see `from_pretrained` of the classes.
   *
   * @throws ConfigError, CheckpointError, HubError.
   */
  from_pretrained(name: string, options?: FromPretrainedOptions): Promise<Model>
  /** A model with new weights. */
  from_config(config: EncoderConfig, options?: ModelOptions): Model
}

function auto<Model extends AnyPreTrainedModel>(
  name: string,
  classes: Readonly<Record<string, ModelClass<Model>>>,
): AutoClass<Model> {
  const classOf = (config: EncoderConfig): ModelClass<Model> => {
    const found = classes[config.model_type]
    if (found) return found
    throw new ConfigError(`${name} has no class for models of type '${config.model_type}'`, {
      hint: `it has them for ${Object.keys(classes).join(', ')}`,
    })
  }
  return {
    async from_pretrained(name, options = {}) {
      const [hub, others] = splitHubOptions<LoadingOptions>(options)
      const { config: given, dtype, attn_implementation, add_pooling_layer, ...rest } = others
      const { ignore_mismatched_sizes, onReport, use_safetensors, variant, ...fields } = rest
      const files = wantedModel({ use_safetensors, variant }, given === undefined)
      const folder = await resolveModelFolder(name, hub, files)
      const config = given ?? (await AutoConfig.from_pretrained(folder, fields))
      const loading = {
        dtype,
        attn_implementation,
        add_pooling_layer,
        ignore_mismatched_sizes,
        onReport,
        use_safetensors,
        variant,
        [reportedName]: name,
      }
      return PreTrainedModel.from_pretrained.call(classOf(config), folder, {
        ...loading,
        config,
      }) as Promise<Model>
    },
    from_config(config, options) {
      return new (classOf(config))(config as never, options)
    },
  }
}

/** The encoder alone. */
export const AutoModel = auto<BaseModel<EncoderConfig>>('AutoModel', {
  roberta: roberta.RobertaModel,
  'xlm-roberta': xlmRoberta.XLMRobertaModel,
  camembert: camembert.CamembertModel,
  bert: bert.BertModel,
})

/** Predicts the tokens behind the mask. */
export const AutoModelForMaskedLM = auto<ForMaskedLM<EncoderConfig>>('AutoModelForMaskedLM', {
  roberta: roberta.RobertaForMaskedLM,
  'xlm-roberta': xlmRoberta.XLMRobertaForMaskedLM,
  camembert: camembert.CamembertForMaskedLM,
  bert: bert.BertForMaskedLM,
})

/** Predicts each token from those before it. */
export const AutoModelForCausalLM = auto<ForCausalLM<EncoderConfig>>('AutoModelForCausalLM', {
  roberta: roberta.RobertaForCausalLM,
  'xlm-roberta': xlmRoberta.XLMRobertaForCausalLM,
  camembert: camembert.CamembertForCausalLM,
  bert: bert.BertLMHeadModel,
})

/** Labels or scores for whole texts. */
export const AutoModelForSequenceClassification = auto<ForSequenceClassification<EncoderConfig>>(
  'AutoModelForSequenceClassification',
  {
    roberta: roberta.RobertaForSequenceClassification,
    'xlm-roberta': xlmRoberta.XLMRobertaForSequenceClassification,
    camembert: camembert.CamembertForSequenceClassification,
    bert: bert.BertForSequenceClassification,
  },
)

/** A label for each token. */
export const AutoModelForTokenClassification = auto<ForTokenClassification<EncoderConfig>>(
  'AutoModelForTokenClassification',
  {
    roberta: roberta.RobertaForTokenClassification,
    'xlm-roberta': xlmRoberta.XLMRobertaForTokenClassification,
    camembert: camembert.CamembertForTokenClassification,
    bert: bert.BertForTokenClassification,
  },
)

/** Where in the text the answer begins and ends. */
export const AutoModelForQuestionAnswering = auto<ForQuestionAnswering<EncoderConfig>>(
  'AutoModelForQuestionAnswering',
  {
    roberta: roberta.RobertaForQuestionAnswering,
    'xlm-roberta': xlmRoberta.XLMRobertaForQuestionAnswering,
    camembert: camembert.CamembertForQuestionAnswering,
    bert: bert.BertForQuestionAnswering,
  },
)

/** The best of several readings. */
export const AutoModelForMultipleChoice = auto<ForMultipleChoice<EncoderConfig>>(
  'AutoModelForMultipleChoice',
  {
    roberta: roberta.RobertaForMultipleChoice,
    'xlm-roberta': xlmRoberta.XLMRobertaForMultipleChoice,
    camembert: camembert.CamembertForMultipleChoice,
    bert: bert.BertForMultipleChoice,
  },
)

/** Whether the second sentence follows the first. */
export const AutoModelForNextSentencePrediction = auto<ForNextSentencePrediction<EncoderConfig>>(
  'AutoModelForNextSentencePrediction',
  {
    bert: bert.BertForNextSentencePrediction,
  },
)

/** The class with which a model of this kind was pre-trained in Transformers: RoBERTa's kinds by masked LM alone. */
export const AutoModelForPreTraining = auto<
  ForMaskedLM<EncoderConfig> | ForNextSentencePreTraining<EncoderConfig>
>('AutoModelForPreTraining', {
  roberta: roberta.RobertaForMaskedLM,
  'xlm-roberta': xlmRoberta.XLMRobertaForMaskedLM,
  camembert: camembert.CamembertForMaskedLM,
  bert: bert.BertForPreTraining,
})
