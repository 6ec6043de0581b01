import { describe, expect, it } from 'vitest'

import { torch } from '../../../../lib/index.js'
import type { Tensor } from '../../../../lib/torch/tensor.js'
import { expectClose } from '../../roberta/close.js'
import { type ReferenceCase, readReference, tinyModels } from '../../roberta/reference.js'
import { drawsAlike, goldenCases, loadCausal, optionsOf } from './golden.js'

// As the file was made.
torch.set_num_threads(1)
const alike = drawsAlike()
const models = [...new Set(goldenCases.map(({ model }) => model))]

describe.each(models)('generate with %s', (name) => {
  const cases = goldenCases.filter(({ model }) => model === name)

  it.for(cases)('gives the tokens of Python: $name', async (golden, { skip }) => {
    skip(golden.options.do_sample === true && !alike, 'this CPU draws other random numbers')
    const model = await loadCausal(name)
    torch.manual_seed(golden.seed)
    const sequences = await model.generate(optionsOf(golden))
    expect(sequences.tolist()).toEqual(golden.sequences)
  })

  // The reference numbers tokens as forward does.
  it.each([true, false])(
    'gives tokens and logits of the greedy reference, use_cache %s',
    async (use_cache) => {
      const { folder } = tinyModels.find((tiny) => tiny.name === name) as { folder: string }
      const { cases: references } = await readReference(folder)
      const { inputs, expected } = references.find((found) => found.name === 'greedy') as ReferenceCase
      const model = await loadCausal(name)
      const { sequences, logits = [] } = await model.generate({
        ...inputs,
        max_new_tokens: 8,
        eos_token_id: null,
        positions: 'model',
        return_dict_in_generate: true,
        output_logits: true,
        use_cache,
      })
      expect(sequences.tolist()).toEqual((expected.get('output_ids') as Tensor).tolist())
      expectClose(torch.cat([...logits], 0), expected.get('logits') as Tensor, 2e-5, 'logits')
    },
  )
})
