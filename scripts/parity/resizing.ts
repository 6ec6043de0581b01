/** Models whose number of tokens changes after a seed: weights, outputs, and the generator's state after it. */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import * as robertorch from '../../lib/index.js'
import { torch } from '../../lib/index.js'
import type { Tensor } from '../../lib/torch/tensor.js'
import { run } from '../../test/native/roberta/reference.js'
import { type Check, Collector } from './check.js'
import { smallConfig } from './models.js'

const classes = {
  RobertaModel: 'RobertaConfig',
  RobertaForMaskedLM: 'RobertaConfig',
  RobertaForSequenceClassification: 'RobertaConfig',
  XLMRobertaForCausalLM: 'XLMRobertaConfig',
  CamembertForMaskedLM: 'CamembertConfig',
  BertForMaskedLM: 'BertConfig',
  BertLMHeadModel: 'BertConfig',
  BertForPreTraining: 'BertConfig',
} as const
type ClassName = keyof typeof classes

const changes: { what: string; size: number | null; options: object; config?: object; dtype?: 'bfloat16' }[] =
  [
    { what: 'more', size: 530, options: {} },
    { what: 'one more, drawn anew', size: 513, options: { mean_resizing: false } },
    { what: 'fewer', size: 500, options: {} },
    { what: 'a multiple', size: null, options: { pad_to_multiple_of: 100 } },
    { what: 'the same', size: 512, options: {} },
    { what: 'untied, more', size: 530, options: {}, config: { tie_word_embeddings: false } },
    {
      what: 'untied, drawn anew',
      size: 530,
      options: { mean_resizing: false },
      config: { tie_word_embeddings: false },
    },
    {
      what: 'untied, fewer',
      size: 64,
      options: { pad_to_multiple_of: 48 },
      config: { tie_word_embeddings: false },
    },
    { what: 'bfloat16', size: 530, options: {}, dtype: 'bfloat16' },
    { what: 'fewer tokens than columns', size: 90, options: {}, config: { vocab_size: 60 } },
  ]

const specs = (Object.keys(classes) as ClassName[]).flatMap((className, i) =>
  changes.map(({ what, size, options, config, dtype = 'float32' }) => ({
    name: `${className}, ${what}`,
    class: className,
    config_class: classes[className],
    config: { ...smallConfig(1, 64), is_decoder: /Causal|LMHead/.test(className), ...config },
    seed: 700 + i,
    size,
    options,
    dtype,
  })),
)

export const resizing: Check = {
  name: 'resizing',
  compared: `resize_token_embeddings after manual_seed, ${specs.length} cases: weights, sizes, outputs, generator state`,
  prepare: ({ folder }) => writeFile(join(folder, 'resizing.json'), JSON.stringify(specs)),
  async ours() {
    const results = new Collector()
    for (const { name, class: className, config_class, config, seed, size, options, dtype } of specs) {
      torch.manual_seed(seed)
      const model = new robertorch[className](new robertorch[config_class](config)).eval().to(dtype)
      const returned = model.resize_token_embeddings(size, options)
      results.facts[`${name}/returned`] = returned.weight.shape
      results.facts[`${name}/vocab_size`] = model.config.vocab_size
      results.facts[`${name}/parameters`] = [
        model.num_parameters(),
        model.num_parameters({ exclude_embeddings: true }),
        model.get_memory_footprint(),
      ]
      results.addParameters(name, model.named_parameters())
      results.add(`${name}/rng_state`, torch.get_rng_state())
      const outputs = run(model, { input_ids: torch.tensor([[3, 7, 9, 2]]) })
      const { last_hidden_state, prediction_logits, logits } = outputs as typeof outputs &
        Record<string, Tensor>
      results.add(`${name}/output`, (last_hidden_state ?? prediction_logits ?? logits) as Tensor)
    }
    return results
  },
}
