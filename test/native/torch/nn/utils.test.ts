import { describe, expect, it } from 'vitest'

import { ArgumentError, ShapeError, type Tensor, torch } from '../../../../lib/index.js'

const { nn } = torch
const F = nn.functional

describe('torch.nn.utils', () => {
  it('turns parameters into a vector and back', () => {
    const module = new nn.Linear(2, 3)
    const vector = nn.utils.parameters_to_vector(module.parameters())
    expect(vector.shape).toEqual([9])
    nn.utils.vector_to_parameters(torch.arange(9, { dtype: torch.float32 }), module.parameters())
    expect(module.weight.tolist()).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
    ])
    expect(module.bias?.tolist()).toEqual([6, 7, 8])
    expect(module.weight.requires_grad).toBe(true)
    expect(() => nn.utils.vector_to_parameters(torch.zeros([8]), module.parameters())).toThrow(ShapeError)
  })

  it('limits the elements of gradients', () => {
    const parameter = nn.Parameter(torch.zeros([3]))
    parameter.grad = torch.tensor([-5, 0.5, 5])
    nn.utils.clip_grad_value_([parameter, nn.Parameter(torch.zeros([1]))], 1)
    expect(parameter.grad.tolist()).toEqual([-1, 0.5, 1])
  })
})

describe('torch.nn.functional', () => {
  it('passes operators on under their names', () => {
    const x = torch.tensor([[1, 2.5]])
    expect(F.linear(x, torch.ones([3, 2])).tolist()).toEqual([[3.5, 3.5, 3.5]])
    expect(F.one_hot(torch.tensor([1]), 3).tolist()).toEqual([[0, 1, 0]])
    expect(F.pad(torch.tensor([1]), [1, 1]).tolist()).toEqual([0, 1, 0])
  })

  it('writes in place when asked', () => {
    const x = torch.tensor([-1, 0.5])
    expect(F.relu(x) === x).toBe(false)
    expect(x.tolist()).toEqual([-1, 0.5])
    expect(F.relu(x, { inplace: true }) === x).toBe(true)
    expect(x.tolist()).toEqual([0, 0.5])
  })

  it('normalizes vectors', () => {
    const x = torch.tensor([[3, 4]], { dtype: torch.float64 })
    expect(F.normalize(x).tolist()).toEqual([[0.6, 0.8]])
  })

  it('refuses what PyTorch refuses, and says why', () => {
    const x = torch.zeros([1, 3])
    expect(() => F.batch_norm(x, null, null, { training: true })).toThrow('more than 1 value per channel')
    expect(() => F.binary_cross_entropy(x, torch.zeros([3]))).toThrow(ShapeError)
    expect(() => F.cross_entropy(x, torch.tensor([0]), { smoothing: 1 } as object)).toThrow(ArgumentError)
    const ids = torch.tensor([0])
    expect(() => F.embedding_bag(ids, torch.zeros([2, 2]))).toThrow('offsets')
    expect(() => F.cross_entropy(x, torch.tensor([3]))).toThrow(/out of bounds/)
  })

  it('attends without a batch as with a batch of one, with and without weights', () => {
    torch.manual_seed(4)
    const attention = new nn.MultiheadAttention(4, 2, { batch_first: true })
    const x = torch.randn([3, 4])
    const [alone, weights] = attention(x, x, x)
    const [batched] = attention(x.unsqueeze(0), x.unsqueeze(0), x.unsqueeze(0), { need_weights: false })
    expect(alone.sub(batched.squeeze(0)).abs().max().item()).toBeLessThan(1e-6)
    expect((weights as Tensor).sum(-1).sub(1).abs().max().item()).toBeLessThan(1e-6)
    expect(() => attention(x, x, x, { is_causal: true })).toThrow('attn_mask')
  })
})
