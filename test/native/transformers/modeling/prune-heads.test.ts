import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import {
  ArgumentError,
  ConfigError,
  fromSharedModel,
  RobertaConfig,
  RobertaForCausalLM,
  RobertaForMaskedLM,
  ShapeError,
  torch,
} from '../../../../lib/index.js'
import type { Tensor } from '../../../../lib/torch/tensor.js'
import { temporaryFolder } from '../../io/safetensors-file.js'

const sizes = {
  vocab_size: 50,
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  intermediate_size: 24,
  max_position_embeddings: 20,
}
const make = (fields = {}) => new RobertaForMaskedLM(new RobertaConfig({ ...sizes, ...fields }))
const input_ids = torch.tensor([[3, 7, 9, 2, 11, 30]])
const shapes = (model: RobertaForMaskedLM, layer: number) =>
  model
    .named_parameters()
    .filter(([name]) => name.includes(`layer.${layer}.attention.`) && name.endsWith('weight'))
    .map(([, parameter]) => parameter.shape)

describe('prune_heads', () => {
  it('makes a layer smaller, and the rest of it what it was', () => {
    const model = make().eval()
    model.prune_heads({ 1: [0, 2] })
    expect(shapes(model, 0)).toEqual([[32, 32], [32, 32], [32, 32], [32, 32], [32]])
    expect(shapes(model, 1)).toEqual([[16, 32], [16, 32], [16, 32], [32, 16], [32]])
    expect(model.config.pruned_heads).toEqual({ 1: [0, 2] })
    const { attentions } = model({ input_ids, output_attentions: true })
    expect(attentions?.map(({ shape }) => shape[1])).toEqual([4, 2])
  })

  // A head without a say is one whose probabilities are 0.
  it.each(['sdpa', 'eager'] as const)(
    'gives what a mask over the same heads gives: %s',
    (attn_implementation) => {
      const model = new RobertaForMaskedLM(new RobertaConfig(sizes), { attn_implementation }).eval()
      const head_mask = torch.tensor([
        [1, 0, 1, 1],
        [0, 1, 0, 0],
      ])
      const masked = model({ input_ids, head_mask }).logits
      model.prune_heads({ 0: [1], 1: [2, 3] })
      model.prune_heads({ 1: [0, 3] })
      expect(model.config.pruned_heads).toEqual({ 0: [1], 1: [0, 2, 3] })
      expect(model({ input_ids }).logits.allclose(masked, { atol: 1e-6 })).toBe(true)
      expect(model.base_model({ input_ids, output_attentions: true }).attentions?.[1]?.shape[1]).toBe(1)
    },
  )

  it('keeps the parameters, which train on', () => {
    const model = make()
    const before = model.parameters()
    model({ input_ids, labels: input_ids }).loss?.backward()
    model.prune_heads({ 0: [3] })
    expect(model.parameters().every((parameter, i) => parameter === before[i])).toBe(true)
    const key = model.named_parameters().find(([name]) => name.endsWith('0.attention.self.key.weight'))
    const weight = key?.[1] as Tensor
    expect(weight.grad).toBeNull()
    model({ input_ids, labels: input_ids }).loss?.backward()
    expect(weight.grad?.shape).toEqual([24, 32])
  })

  it('is saved, loaded and shared', async () => {
    const model = make({ attn_implementation: 'eager' }).eval()
    model.prune_heads({ 0: [3, 1] })
    const folder = temporaryFolder()
    await model.save_pretrained(folder)
    const saved = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'))
    expect(saved.pruned_heads).toEqual({ 0: [1, 3] })
    const loaded = await RobertaForMaskedLM.from_pretrained(folder)
    const opened = fromSharedModel(structuredClone(loaded.share())) as RobertaForMaskedLM
    for (const other of [loaded, opened]) {
      expect(other.config.pruned_heads).toEqual({ 0: [1, 3] })
      expect(other({ input_ids }).logits.equal(model({ input_ids }).logits)).toBe(true)
    }
    // As Python writes it: nothing, when nothing was pruned.
    await make().save_pretrained(folder)
    expect(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'))).not.toHaveProperty('pruned_heads')
  })

  it('generates with a cache of fewer heads', async () => {
    const decoder = new RobertaForCausalLM(
      new RobertaConfig({ ...sizes, is_decoder: true, pruned_heads: { 1: [2] } }),
    ).eval()
    const { past_key_values } = decoder({ input_ids })
    expect(past_key_values?.map(([key]) => key.shape[1])).toEqual([4, 3])
    const options = { input_ids, max_new_tokens: 4 }
    const cached = await decoder.generate(options)
    expect(cached.equal(await decoder.generate({ ...options, use_cache: false }))).toBe(true)
  })

  it('refuses layers and heads that there are not, and changes nothing then', () => {
    const model = make()
    for (const heads of [
      { 2: [0] },
      { 0: [4] },
      { 0: [-1] },
      { 0: [1], 1: [0, 1, 2, 3] },
      { a: [1] },
      { 0: 1 },
    ]) {
      expect(() => model.prune_heads(heads as never), JSON.stringify(heads)).toThrow(ArgumentError)
    }
    expect(model.config.pruned_heads).toEqual({})
    expect(shapes(model, 0)[0]).toEqual([32, 32])
    model.prune_heads({ 0: [1] })
    expect(() => model({ input_ids, head_mask: torch.ones([4]) })).toThrow(ShapeError)
  })

  it.each([
    ['a layer', { 5: [0] }],
    ['a head', { 0: [9] }],
    ['all heads', { 0: [0, 1, 2, 3] }],
    ['another form', [[0, 1]]],
    ['a list of names', { 0: ['x'] }],
  ])('names the field of a configuration with %s', async (_, pruned_heads) => {
    const folder = temporaryFolder()
    writeFileSync(
      join(folder, 'config.json'),
      JSON.stringify({ ...sizes, model_type: 'roberta', pruned_heads }),
    )
    const config = await RobertaConfig.from_pretrained(folder)
    expect(() => new RobertaForMaskedLM(config)).toThrow(/pruned_heads/)
    expect(() => new RobertaForMaskedLM(config)).toThrow(ConfigError)
  })
})
