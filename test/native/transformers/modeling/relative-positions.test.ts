import { describe, expect, it } from 'vitest'

import {
  BertConfig,
  BertForMaskedLM,
  ConfigError,
  IndexError,
  RobertaConfig,
  RobertaForMaskedLM,
  torch,
} from '../../../../lib/index.js'
import type { Tensor } from '../../../../lib/torch/tensor.js'
import { temporaryFolder } from '../../io/safetensors-file.js'

const sizes = {
  vocab_size: 50,
  hidden_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 24,
  max_position_embeddings: 12,
}
const kinds = ['relative_key', 'relative_key_query'] as const
const input_ids = torch.tensor([[3, 7, 9, 12, 11, 30]])

/** Attention of one layer by the formula of Shaw et al. (queries) and Huang et al. (keys too). */
function probabilities(model: BertForMaskedLM, states: Tensor, withKeys: boolean): Tensor {
  const get = (name: string) => {
    const found = model.named_parameters().find(([key]) => key.endsWith(`layer.0.attention.self.${name}`))
    return found?.[1] as Tensor
  }
  const heads = (kind: string) =>
    states
      .matmul(get(`${kind}.weight`).t())
      .add(get(`${kind}.bias`))
      .view([1, 6, 2, 8])
      .transpose(1, 2)
  const [q, k] = [heads('query'), heads('key')]
  const rows = Array.from({ length: 6 }, (_, l) =>
    torch.stack(Array.from({ length: 6 }, (_, r) => get('distance_embedding.weight').select(0, l - r + 11))),
  )
  const distances = torch.stack(rows) // (T, T, D)
  const left = q.unsqueeze(3).mul(distances).sum(-1)
  const right = k.unsqueeze(2).mul(distances).sum(-1)
  const scores = q.matmul(k.transpose(2, 3)).add(left)
  return (withKeys ? scores.add(right) : scores).div(Math.sqrt(8)).softmax(-1)
}

describe('relative positions', () => {
  it.each(kinds)('add a score for each distance: %s', (position_embedding_type) => {
    const config = new BertConfig({ ...sizes, position_embedding_type, initializer_range: 0.5 })
    const model = new BertForMaskedLM(config).eval()
    const { hidden_states, attentions } = torch.no_grad(() =>
      model({ input_ids, output_attentions: true, output_hidden_states: true }),
    )
    const expected = torch.no_grad(() =>
      probabilities(model, hidden_states?.[0] as Tensor, position_embedding_type === 'relative_key_query'),
    )
    expect(attentions?.[0]?.allclose(expected, { atol: 1e-6 })).toBe(true)
  })

  it.each(kinds)('are saved and loaded, and train: %s', async (position_embedding_type) => {
    const model = new RobertaForMaskedLM(new RobertaConfig({ ...sizes, position_embedding_type }))
    const name = 'roberta.encoder.layer.1.attention.self.distance_embedding.weight'
    const table = new Map(model.named_parameters()).get(name) as Tensor
    expect(table.shape).toEqual([23, 8])
    const folder = temporaryFolder()
    await model.save_pretrained(folder)
    const loaded = await RobertaForMaskedLM.from_pretrained(folder, { attn_implementation: 'eager' })
    expect(new Map(loaded.named_parameters()).get(name)?.equal(table)).toBe(true)
    model.eval()
    expect(loaded({ input_ids }).logits.equal(model({ input_ids }).logits)).toBe(true)
    model({ input_ids, labels: input_ids }).loss?.backward()
    expect(table.grad?.abs().sum().item()).toBeGreaterThan(0)
    expect(model.get_position_embeddings().weight.grad).toBeNull()
  })

  it('end where the table does, and are known by name', () => {
    const config = new RobertaConfig({ ...sizes, position_embedding_type: 'relative_key' })
    const model = new RobertaForMaskedLM(config)
    model({ input_ids: torch.full([1, 12], 7) })
    expect(() => model({ input_ids: torch.full([1, 13], 7) })).toThrow(IndexError)
    const other = new RobertaConfig({ ...sizes, position_embedding_type: 'rotary' })
    expect(() => new RobertaForMaskedLM(other)).toThrow(ConfigError)
    expect(() => new RobertaForMaskedLM(other)).toThrow(/relative_key_query/)
  })
})
