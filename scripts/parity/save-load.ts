/** Models saved by one side and opened by the other. */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { RobertaConfig, torch } from '../../lib/index.js'
import type { LoadingInfo } from '../../lib/transformers/checkpoint/index.js'
import type { AnyPreTrainedModel } from '../../lib/transformers/modeling/pretrained-model.js'
import { run } from '../../test/native/roberta/reference.js'
import { type Check, Collector, type Context } from './check.js'
import { classes, smallConfig } from './models.js'

const variants = [
  { variant: '', dtype: 'float32', fields: {} },
  { variant: ', untied', dtype: 'float32', fields: { tie_word_embeddings: false, num_labels: 5 } },
  { variant: ', bfloat16', dtype: 'bfloat16', fields: { type_vocab_size: 2 } },
] as const
const specs = (Object.keys(classes) as (keyof typeof classes)[]).flatMap((name, i) =>
  variants.map(({ variant, dtype, fields }) => ({
    name: `${name}${variant}`,
    class: name,
    seed: 300 + i,
    dtype,
    config: { ...smallConfig(1, 64), ...fields },
  })),
)
type Spec = (typeof specs)[number]

const inputs = () => ({
  input_ids: torch.tensor([
    [0, 7, 8, 2],
    [0, 9, 2, 1],
  ]),
  attention_mask: torch.tensor([
    [1, 1, 1, 1],
    [1, 1, 1, 0],
  ]),
})

function make({ class: name, seed, config, dtype }: Spec): AnyPreTrainedModel {
  torch.manual_seed(seed)
  return new classes[name](new RobertaConfig(config)).eval().to(dtype)
}

/** What Python must find in a folder that was saved here. */
function addSaved(results: Collector, spec: Spec, how: string): void {
  const prefix = `saved here, opened by ${how}/${spec.name}`
  // Python opens weights as float32 unless told otherwise.
  const model = make(spec).to('float32')
  results.facts[`${prefix}/class`] = model.constructor.name
  results.facts[`${prefix}/report`] = {
    missing_keys: [],
    unexpected_keys: [],
    mismatched_keys: [],
    error_msgs: [],
  }
  results.facts[`${prefix}/dtype`] = 'torch.float32'
  results.facts[`${prefix}/config`] = spec.config
  results.facts[`${prefix}/id2label`] = model.config.id2label
  results.addParameters(prefix, model.named_parameters())
  addFirstOutput(results, prefix, model)
}

async function addOpened(
  results: Collector,
  { folder }: Context,
  { name, class: className }: Spec,
): Promise<void> {
  const prefix = `saved by Python/${name}`
  const model = await classes[className].from_pretrained(join(folder, 'python', name), {
    onReport: (info: LoadingInfo) => {
      results.facts[`${prefix}/report`] = info
    },
  })
  results.facts[`${prefix}/id2label`] = model.config.id2label
  results.addParameters(prefix, model.named_parameters())
  addFirstOutput(results, prefix, model)
}

function addFirstOutput(results: Collector, prefix: string, model: AnyPreTrainedModel): void {
  const { logits, last_hidden_state } = run(model, inputs())
  const first = logits ?? last_hidden_state
  if (first) results.add(`${prefix}/first output`, first)
}

export const saveLoad: Check = {
  name: 'save-load',
  compared: `${specs.length} models saved here and opened by Python's classes and Auto classes, and the other way round: weights, reports, outputs`,
  async prepare({ folder }) {
    await writeFile(join(folder, 'save-load.json'), JSON.stringify(specs))
    for (const spec of specs) await make(spec).save_pretrained(join(folder, 'ours', spec.name))
  },
  async ours(context) {
    const results = new Collector()
    for (const spec of specs) {
      for (const how of ['its class', 'the Auto class']) addSaved(results, spec, how)
      await addOpened(results, context, spec)
    }
    return results
  },
}
