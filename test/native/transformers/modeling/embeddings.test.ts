import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import {
  ArgumentError,
  BertConfig,
  BertForMaskedLM,
  RobertaConfig,
  RobertaForMaskedLM,
  RobertaModel,
  ShapeError,
  torch,
} from '../../../../lib/index.js'
import type { Tensor } from '../../../../lib/torch/tensor.js'

const sizes = {
  vocab_size: 50,
  hidden_size: 16,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  intermediate_size: 24,
  max_position_embeddings: 20,
}
const input_ids = torch.tensor([[3, 7, 9, 2]])

const models = [
  ['RoBERTa, tied', () => new RobertaForMaskedLM(new RobertaConfig(sizes))],
  [
    'RoBERTa, untied',
    () => new RobertaForMaskedLM(new RobertaConfig({ ...sizes, tie_word_embeddings: false })),
  ],
  ['BERT, tied', () => new BertForMaskedLM(new BertConfig(sizes))],
  ['BERT, untied', () => new BertForMaskedLM(new BertConfig({ ...sizes, tie_word_embeddings: false }))],
] as const

describe.each(models)('the tables of %s', (_, make) => {
  it('are modules over the parameters', () => {
    const model = make()
    const words = model.get_input_embeddings()
    const decoder = model.get_output_embeddings()
    const parameters = model.parameters()
    for (const tensor of [
      words.weight,
      decoder?.weight,
      decoder?.bias,
      model.get_position_embeddings().weight,
    ])
      expect(parameters).toContain(tensor)
    expect(words.weight === decoder?.weight).toBe(model.config.tie_word_embeddings)
    expect(words(input_ids).shape).toEqual([1, 4, 16])
    expect(decoder?.toString()).toBe('Linear(in_features=16, out_features=50, bias=True)')
  })

  it('keep the scores of old tokens when tokens are added, and forget the last ones', () => {
    torch.manual_seed(1)
    const model = make().eval()
    const before = model({ input_ids }).logits
    expect(model.resize_token_embeddings(53, { pad_to_multiple_of: 4 }).num_embeddings).toBe(56)
    expect(model.config.vocab_size).toBe(56)
    const grown = model({ input_ids }).logits
    expect(grown.shape).toEqual([1, 4, 56])
    torch.testing.assert_close(grown.at('...', ':50'), before)
    model.resize_token_embeddings(40)
    torch.testing.assert_close(model({ input_ids }).logits, before.at('...', ':40'))
  })

  it('train after their size changed, and are saved with it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'robertorch-resized-'))
    try {
      const model = make()
      const labels = torch.tensor([[3, 7, 57, 2]])
      model({ input_ids, labels: input_ids }).loss?.backward()
      model.resize_token_embeddings(60)
      expect(model.get_input_embeddings().weight.grad).toBeNull()
      model({ input_ids: labels, labels }).loss?.backward()
      expect(model.get_output_embeddings()?.bias?.grad?.shape).toEqual([60])
      const gradient = model.get_input_embeddings().weight.grad as Tensor
      expect(gradient.select(0, 57).abs().sum().item()).toBeGreaterThan(0)
      model.eval()
      await model.save_pretrained(folder)
      const Class = model.constructor as typeof RobertaForMaskedLM
      const loaded = await Class.from_pretrained(folder, { onReport: (_, text) => expect(text).toBe('') })
      expect(loaded.config.vocab_size).toBe(60)
      torch.testing.assert_close(loaded({ input_ids: labels }).logits, model({ input_ids: labels }).logits)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('take over those of another model', () => {
    const [model, other] = [make().eval(), make().eval()]
    model.load_state_dict(other.state_dict())
    const changed = make()
    changed.resize_token_embeddings(44)
    const [words, decoder] = [changed.get_input_embeddings(), changed.get_output_embeddings()]
    model.set_input_embeddings(words)
    if (decoder) model.set_output_embeddings(decoder)
    model.config.vocab_size = 44
    model.tie_weights()
    expect(model({ input_ids }).logits.shape).toEqual([1, 4, 44])
    torch.no_grad(() => words.weight.zero_())
    expect(model.get_input_embeddings().weight.abs().sum().item()).toBe(0)
  })
})

describe('a model without decoder', () => {
  const make = () => new RobertaModel(new RobertaConfig(sizes))

  it('has no output embeddings', () => {
    const model = make()
    expect(model.get_output_embeddings()).toBeNull()
    const decoder = new RobertaForMaskedLM(new RobertaConfig(sizes)).get_output_embeddings()
    if (decoder) expect(() => model.set_output_embeddings(decoder)).toThrow(ArgumentError)
  })

  it('refuses sizes that make no sense', () => {
    const model = make()
    expect(() => model.resize_token_embeddings(1)).toThrow(/padding has the id 1/)
    expect(() => model.resize_token_embeddings(2.5)).toThrow(/whole number above 0, is 2.5/)
    expect(() => model.resize_token_embeddings(60, { pad_to_multiple_of: 0 })).toThrow(ArgumentError)
    const wide = new RobertaModel(new RobertaConfig({ ...sizes, hidden_size: 32 })).get_input_embeddings()
    expect(() => model.set_input_embeddings(wide)).toThrow(ShapeError)
    expect(model.config.vocab_size).toBe(50)
  })

  it('counts its parameters and bytes', () => {
    const model = make()
    const all = model.parameters().reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0)
    expect(model.num_parameters()).toBe(all)
    expect(model.num_parameters({ exclude_embeddings: true })).toBe(all - (50 + 20 + 2) * 16)
    expect(model.to('bfloat16').get_memory_footprint()).toBe(2 * all)
    expect(model.base_model_prefix).toBe('roberta')
    model.get_input_embeddings().weight.requires_grad = false
    expect(model.num_parameters({ only_trainable: true })).toBe(all - 50 * 16)
  })
})
