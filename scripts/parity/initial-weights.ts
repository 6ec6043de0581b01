/** Weights of models made from a configuration after a seed, and the generator's state after it. */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { RobertaConfig, torch } from '../../lib/index.js'
import { type Check, Collector } from './check.js'
import { classes, smallConfig } from './models.js'

const specs = Object.keys(classes).flatMap((name) => {
  const spec = (variant: string, seed: number, fields: object) => ({
    name: `${name}${variant}`,
    class: name as keyof typeof classes,
    seed,
    config: { ...smallConfig(2, 128), ...fields },
  })
  return [
    spec('', 42, {}),
    // A negative seed, one layer of roberta-base's width, as many labels as make the head's bias draw vectorised.
    spec(', wide', -7, { ...smallConfig(1, 768), vocab_size: 1000, num_labels: 20, initializer_range: 0.05 }),
    spec(', untied', 2 ** 40 + 3, { tie_word_embeddings: false, num_labels: 1, type_vocab_size: 2 }),
  ]
})

export const initialWeights: Check = {
  name: 'initial-weights',
  compared: 'weights from a configuration after manual_seed, 3 classes × 3 shapes; generator state after',
  prepare: ({ folder }) => writeFile(join(folder, 'initial-weights.json'), JSON.stringify(specs)),
  async ours() {
    const results = new Collector()
    for (const { name, class: className, seed, config } of specs) {
      torch.manual_seed(seed)
      const model = new classes[className](new RobertaConfig(config))
      results.addParameters(name, model.named_parameters())
      results.add(`${name}/rng_state`, torch.get_rng_state())
      results.facts[`${name}/training`] = model.training
    }
    return results
  },
}
