/** Tokens, scores and the generator's state after `generate`: the cases of the golden file, and cross-attention. */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import * as robertorch from '../../lib/index.js'
import { torch } from '../../lib/index.js'
import type { Tensor } from '../../lib/torch/tensor.js'
import { tinyModels } from '../../test/native/roberta/reference.js'
import {
  type CausalModel,
  goldenCases,
  loadCausal,
  optionsOf,
  tensors,
} from '../../test/native/transformers/generation/golden.js'
import { type Check, Collector, type Context } from './check.js'

interface Spec {
  name: string
  class: string
  folder: string
  seed: number
  options: Record<string, unknown>
  tensors: readonly string[]
  /** Inputs of random numbers, by shape. */
  drawn: Record<string, number[]>
}

const golden: Spec[] = goldenCases.map(({ model, name, seed, options }) => {
  const tiny = tinyModels.find((found) => found.name === model)
  if (!tiny) throw new Error(`there is no model ${model}`)
  return {
    name: `${model}/${name}`,
    class: tiny.Class.name,
    folder: tiny.folder,
    seed,
    options,
    tensors,
    drawn: {},
  }
})

/** Decoders that look at an encoder, saved by `prepare`. */
function crossSpecs({ folder }: Context): Spec[] {
  const forms = [true, false].flatMap((do_sample) =>
    [true, false].map((use_cache) => ({ do_sample, use_cache })),
  )
  return ['RobertaForCausalLM', 'BertLMHeadModel'].flatMap((name, i) =>
    forms.map(({ do_sample, use_cache }) => ({
      name: `${name} with cross-attention${do_sample ? ', sampling' : ''}${use_cache ? ', cached' : ''}`,
      class: name,
      folder: join(folder, 'cross', name),
      seed: 40 + i,
      options: {
        input_ids: [
          [0, 5, 6],
          [0, 7, 8],
        ],
        attention_mask: [
          [1, 1, 1],
          [1, 1, 1],
        ],
        encoder_attention_mask: [
          [1, 1, 1, 1, 1],
          [1, 1, 1, 0, 0],
        ],
        max_new_tokens: 6,
        do_sample,
        eos_token_id: 3,
        use_cache,
      },
      tensors,
      drawn: { encoder_hidden_states: [2, 5, 32] },
    })),
  )
}

const configuration = {
  vocab_size: 90,
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  intermediate_size: 48,
  max_position_embeddings: 40,
  is_decoder: true,
  add_cross_attention: true,
  initializer_range: 0.3,
}

async function saveCross({ folder }: Context): Promise<void> {
  torch.manual_seed(9)
  const { RobertaConfig, RobertaForCausalLM, BertConfig, BertLMHeadModel } = robertorch
  for (const model of [
    new RobertaForCausalLM(new RobertaConfig(configuration)),
    new BertLMHeadModel(new BertConfig(configuration)),
  ])
    await model.save_pretrained(join(folder, 'cross', model.constructor.name))
}

async function load(spec: Spec): Promise<CausalModel> {
  const known = goldenCases.find(({ model, name }) => spec.name === `${model}/${name}`)
  if (known) return loadCausal(known.model)
  return robertorch.AutoModelForCausalLM.from_pretrained(spec.folder)
}

export const generation: Check = {
  name: 'generation',
  compared: `generate after manual_seed, ${golden.length + 8} cases of four families: tokens, scores, generator state, caches of cross-attention`,
  async prepare(context) {
    await saveCross(context)
    await writeFile(
      join(context.folder, 'generation.json'),
      JSON.stringify([...golden, ...crossSpecs(context)]),
    )
  },
  async ours(context) {
    const results = new Collector()
    for (const spec of [...golden, ...crossSpecs(context)]) {
      const model = await load(spec)
      torch.manual_seed(spec.seed)
      const drawn = Object.entries(spec.drawn).map(([name, shape]) => [name, torch.randn(shape)])
      const output = await model.generate({
        ...optionsOf(spec),
        ...Object.fromEntries(drawn),
        return_dict_in_generate: true,
        output_scores: true,
      })
      results.add(`${spec.name}/sequences`, output.sequences)
      results.add(`${spec.name}/scores`, torch.stack([...(output.scores as Tensor[])]))
      results.add(`${spec.name}/rng_state`, torch.get_rng_state())
      if (spec.options.use_cache !== true || spec.drawn.encoder_hidden_states === undefined) continue
      for (const [i, layer] of (output.past_key_values ?? []).entries())
        for (const [j, tensor] of layer.entries()) results.add(`${spec.name}/cache/${i}/${j}`, tensor)
    }
    return results
  },
}
