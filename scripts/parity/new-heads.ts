/** Checkpoints of one head opened by the class of another: weights that are new are drawn, after a seed. */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { torch } from '../../lib/index.js'
import type { LoadingInfo } from '../../lib/transformers/checkpoint/index.js'
import { type Check, Collector } from './check.js'
import { classes, fixtures } from './models.js'

const specs: {
  name: string
  checkpoint: string
  class: keyof typeof classes
  seed: number
  options: object
}[] = [
  ['sapiens/vh', 'sequence-classification', { num_labels: 3 }],
  ['tiny-random/roberta/model', 'sequence-classification', { num_labels: 4 }],
  ['tiny-random/roberta/model', 'sequence-classification', {}],
  ['tiny-random/roberta/model', 'masked-lm', {}],
  ['tiny-random/roberta/masked-lm', 'model', {}],
  ['tiny-random/roberta/masked-lm-untied', 'masked-lm', {}],
  ['tiny-random/roberta/masked-lm-untied', 'sequence-classification', { num_labels: 17 }],
  ['tiny-random/roberta/sequence-classification-3', 'masked-lm', {}],
  [
    'tiny-random/roberta/sequence-classification-3',
    'sequence-classification',
    { num_labels: 5, ignore_mismatched_sizes: true },
  ],
].map(([checkpoint, className, options], i) => ({
  name: `${checkpoint} as ${className} ${JSON.stringify(options)}`,
  checkpoint: checkpoint as string,
  class: className as keyof typeof classes,
  seed: 100 + i,
  options: options as object,
}))

export const newHeads: Check = {
  name: 'new-heads',
  compared: `from_pretrained after manual_seed, ${specs.length} checkpoints under other heads: weights, report, generator state`,
  prepare: ({ folder }) => writeFile(join(folder, 'new-heads.json'), JSON.stringify(specs)),
  async ours() {
    const results = new Collector()
    for (const { name, checkpoint, class: className, seed, options } of specs) {
      let info: LoadingInfo = { missing_keys: [], unexpected_keys: [], mismatched_keys: [] }
      torch.manual_seed(seed)
      const model = await classes[className].from_pretrained(join(fixtures, checkpoint), {
        ...options,
        onReport: (found) => {
          info = found
        },
      })
      results.addParameters(name, model.named_parameters())
      results.add(`${name}/rng_state`, torch.get_rng_state())
      results.facts[`${name}/missing`] = [...info.missing_keys].sort()
      results.facts[`${name}/unexpected`] = [...info.unexpected_keys].sort()
      results.facts[`${name}/mismatched`] = info.mismatched_keys.map(({ key }) => key).sort()
      results.facts[`${name}/training`] = model.training
      results.facts[`${name}/num_labels`] = model.config.num_labels
    }
    return results
  },
}
