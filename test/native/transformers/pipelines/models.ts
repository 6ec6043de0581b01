/** Small models with weights by formula, equal on every machine, each with a tokenizer of test/fixtures beside it. */

import { join } from 'node:path'

import * as robertorch from '../../../../lib/index.js'
import { torch } from '../../../../lib/index.js'
import type { AnyPreTrainedModel } from '../../../../lib/transformers/modeling/pretrained-model.js'
import { fixtures } from '../../roberta/reference.js'
import { sapiensFolder } from '../../roberta/sapiens.js'

const { BertTokenizer, RobertaTokenizer, XLMRobertaTokenizer } = robertorch

const size = {
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  intermediate_size: 48,
  max_position_embeddings: 80,
  layer_norm_eps: 1e-5,
}

const tokenizers = {
  roberta: () =>
    RobertaTokenizer.from_pretrained(join(fixtures, 'tokenizer/small'), { model_max_length: 78 }),
  bert: () => BertTokenizer.from_pretrained(join(fixtures, 'tokenizer/bert'), { model_max_length: 80 }),
  'xlm-roberta': () =>
    XLMRobertaTokenizer.from_pretrained(join(fixtures, 'tokenizer/unigram'), { model_max_length: 78 }),
}
type Family = keyof typeof tokenizers

const configs = {
  roberta: robertorch.RobertaConfig,
  bert: robertorch.BertConfig,
  'xlm-roberta': robertorch.XLMRobertaConfig,
}

const labels = (...names: string[]) => ({
  id2label: Object.fromEntries(names.map((name, id) => [id, name])),
  label2id: Object.fromEntries(names.map((name, id) => [name, id])),
})
const entities = labels('O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC')
const nli = labels('contradiction', 'neutral', 'entailment')

/** By name: family, class and what its configuration has besides. */
const recipes: Record<string, [Family, string, Record<string, unknown>]> = {
  sentiment: ['roberta', 'RobertaForSequenceClassification', labels('negative', 'neutral', 'positive')],
  score: ['roberta', 'RobertaForSequenceClassification', { num_labels: 1 }],
  regression: ['roberta', 'RobertaForSequenceClassification', { num_labels: 1, problem_type: 'regression' }],
  topics: [
    'bert',
    'BertForSequenceClassification',
    { ...labels('a', 'b', 'c', 'd'), problem_type: 'multi_label_classification' },
  ],
  xlmr: ['xlm-roberta', 'XLMRobertaForSequenceClassification', labels('down', 'up')],
  nli: ['roberta', 'RobertaForSequenceClassification', nli],
  'nli-bert': ['bert', 'BertForSequenceClassification', labels('ENTAILMENT', 'not_entailment')],
  'nli-unnamed': ['xlm-roberta', 'XLMRobertaForSequenceClassification', labels('no', 'perhaps', 'yes')],
  ner: ['roberta', 'RobertaForTokenClassification', entities],
  'ner-bert': ['bert', 'BertForTokenClassification', entities],
  'ner-xlmr': ['xlm-roberta', 'XLMRobertaForTokenClassification', entities],
  qa: ['roberta', 'RobertaForQuestionAnswering', {}],
  'qa-bert': ['bert', 'BertForQuestionAnswering', {}],
  'qa-xlmr': ['xlm-roberta', 'XLMRobertaForQuestionAnswering', {}],
  roberta: ['roberta', 'RobertaForMaskedLM', {}],
  bert: ['bert', 'BertForMaskedLM', {}],
  'roberta-base': ['roberta', 'RobertaModel', {}],
  'bert-base': ['bert', 'BertModel', {}],
}

/** Sines of the places: parameters that differ everywhere, the same on every machine. */
function fill(model: AnyPreTrainedModel): void {
  for (const [i, [name, parameter]] of model.named_parameters().entries()) {
    const places = torch.arange(parameter.numel(), { dtype: torch.float64 })
    const waves = places
      .mul(0.7311 + 0.013 * i)
      .add(places.mul(places).mul(0.0137))
      .sin()
    const isNorm = /LayerNorm|layer_norm/.test(name)
    const scale = isNorm ? 0.2 : /embeddings/.test(name) ? 0.6 : 0.3
    const values = waves.mul(scale).add(isNorm && name.endsWith('weight') ? 1 : 0)
    torch.no_grad(() => parameter.copy_(values.reshape(parameter.shape)))
  }
}

/** The models that come with the repository as they are. */
export const storedModels: Record<string, string> = { sapiens: sapiensFolder('vh') }

/** Writes all models with their tokenizers; returns their folders by name. */
export async function saveModels(root: string): Promise<Record<string, string>> {
  const folders: Record<string, string> = { ...storedModels }
  for (const [name, [family, className, fields]] of Object.entries(recipes)) {
    const folder = join(root, name)
    const tokenizer = await tokenizers[family]()
    const Model = (robertorch as unknown as Record<string, new (config: object) => AnyPreTrainedModel>)[
      className
    ]
    if (Model === undefined) throw new Error(`there is no ${className}`)
    const model = new Model(
      new configs[family]({
        ...size,
        vocab_size: tokenizer.length,
        pad_token_id: tokenizer.pad_token_id ?? undefined,
        ...fields,
      }),
    )
    fill(model)
    await model.save_pretrained(folder)
    await tokenizer.save_pretrained(folder)
    model.dispose()
    folders[name] = folder
  }
  return folders
}
