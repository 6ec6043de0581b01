import { describe, expect, it } from 'vitest'

import { ArgumentError, ShapeError, type Tensor, torch } from '../../../../lib/index.js'

const { nn } = torch
const F = nn.functional
const { assert_close, gradcheck } = torch.testing

const double = (...shape: number[]) => {
  torch.manual_seed(4)
  return torch.randn(shape, { dtype: torch.float64 }).requires_grad_()
}

describe('torch.nn.functional draws', () => {
  it('Gumbel samples, soft and hard, with the gradient of the soft ones', () => {
    const logits = double(3, 4)
    const sample = (options: object) => {
      torch.manual_seed(1)
      return F.gumbel_softmax(logits, 0.5, options)
    }
    torch.manual_seed(1)
    const noise = torch.empty_like(logits).exponential_().log().neg()
    assert_close(sample({}), logits.add(noise).div(0.5).softmax(-1))
    const hard = sample({ hard: true })
    expect(hard.sum(-1).tolist()).toEqual([1, 1, 1])
    expect(hard.eq(0).sum().item()).toBe(9)
    const weights = torch.arange(12, { dtype: torch.float64 }).reshape(3, 4)
    const [soft, straight] = [sample({}), hard].map(
      (y) => torch.autograd.grad(y.mul(weights).sum(), logits)[0] as Tensor,
    ) as [Tensor, Tensor]
    assert_close(straight, soft)
  })

  it('whole channels', () => {
    const ones = torch.ones([20, 30, 5, 2])
    torch.manual_seed(2)
    const dropped = F.dropout2d(ones, 0.5)
    expect(torch.unique(dropped).tolist()).toEqual([0, 2])
    expect(dropped.amax([2, 3]).equal(dropped.amin([2, 3]))).toBe(true)
    expect(F.dropout1d(torch.ones([4, 6]), 0.5).shape).toEqual([4, 6])
    expect(F.dropout3d(ones, 0.5, { training: false }).equal(ones)).toBe(true)
    expect(() => F.dropout1d(ones)).toThrow(ShapeError)
    expect(F.feature_alpha_dropout(ones).equal(ones)).toBe(true)
  })

  it('slopes between the limits in training', () => {
    const x = torch.ones([100]).neg()
    const y = F.rrelu(x, { lower: 0.1, upper: 0.2, training: true })
    expect(y.neg().ge(0.1).logical_and(y.neg().le(0.2)).all().item()).toBe(true)
    expect(torch.unique(y).numel()).toBeGreaterThan(50)
  })
})

describe('torch.nn.functional has correct gradients', () => {
  const target = torch.tensor([1, 0, 2])
  const other = torch.linspace(0, 1, 60, { dtype: torch.float64 }).reshape(3, 4, 5)
  const functions: Record<string, (x: Tensor) => Tensor> = {
    lp_pool1d: (x) => F.lp_pool1d(x.abs().add(1), 3, 2),
    local_response_norm: (x) => F.local_response_norm(x, 2),
    instance_norm: (x) => F.instance_norm(x),
    multi_margin_loss: (x) => F.multi_margin_loss(x.flatten(1).narrow(1, 0, 3), target),
    multilabel_soft_margin_loss: (x) => F.multilabel_soft_margin_loss(x, other),
    gaussian_nll_loss: (x) => F.gaussian_nll_loss(x, other, x.exp()),
    gaussian_nll_loss_constant: (x) => F.gaussian_nll_loss(x, other, 0.5),
    fractional_max_pool2d: (x) =>
      F.fractional_max_pool2d(x, 2, 2, {
        _random_samples: torch.full([1, 3, 2], 0.4, { dtype: torch.float64 }),
      }) as Tensor,
    upsample: (x) => F.upsample(x, { scale_factor: 2, mode: 'linear' }),
    triplet_margin_with_distance_loss: (x) =>
      F.triplet_margin_with_distance_loss(x.select(2, 0), x.select(2, 1), x.select(2, 2), { margin: 3 }),
  }
  it.each(Object.entries(functions))('%s', (_, fn) => {
    expect(gradcheck(fn, double(3, 4, 5))).toBe(true)
  })
})

describe('torch.nn.functional', () => {
  it('gives positions where the name says so', () => {
    const x = torch.tensor([[[1, 5, 2, 7]]]).float()
    const [values, positions] = F.max_pool1d_with_indices(x, 2)
    expect([values.tolist(), positions.tolist()]).toEqual([[[[5, 7]]], [[[1, 3]]]])
    expect(F.max_pool1d_with_indices(x, 2, 2, { padding: 0 })[1].tolist()).toEqual([[[1, 3]]])
    expect(F.adaptive_max_pool1d_with_indices(x, 2)[1].tolist()).toEqual([[[1, 3]]])
  })

  it('writes in place under names that end with a line', () => {
    const x = torch.tensor([-2, 1]).float()
    expect(F.leaky_relu_(x) === x).toBe(true)
    expect(x.tolist()).toEqual([expect.closeTo(-0.02), 1])
    expect(F.threshold(x, 0.5, 9).tolist()).toEqual([9, 1])
    expect(F.threshold_(x, 0.5, 9).tolist()).toEqual([9, 1])
    expect(F.hardtanh_(x).tolist()).toEqual([1, 1])
  })

  it('takes lengths of CTC as tensors and lists', () => {
    const logs = double(5, 2, 3).log_softmax(2)
    const labels = torch.tensor([
      [1, 2],
      [2, 1],
    ])
    const byTensor = F.ctc_loss(logs, labels, torch.tensor([5, 4]), torch.tensor([2, 1]))
    assert_close(F.ctc_loss(logs, labels, [5, 4], [2, 1]), byTensor)
    assert_close(F.ctc_loss(logs, labels, torch.tensor([5, 4]), [2, 1]), byTensor)
  })

  it('refuses what does not fit', () => {
    const x = torch.ones([2, 3])
    expect(() => F.gaussian_nll_loss(x, x, x.neg())).toThrow('negative')
    expect(() => F.gaussian_nll_loss(x, x, torch.ones([5]))).toThrow(ShapeError)
    expect(() => F.fractional_max_pool2d(torch.ones([1, 1, 4, 4]), 2)).toThrow('either an output_size')
    expect(() => F.instance_norm(torch.ones([2, 3, 1]))).toThrow(ShapeError)
    expect(() => F.local_response_norm(x, 2)).toThrow(ShapeError)
    expect(() => F.triplet_margin_with_distance_loss(x, x, torch.ones([3]))).toThrow(ShapeError)
    expect(() => F.triplet_margin_with_distance_loss(x, x, x, { margin: 0 })).toThrow(ArgumentError)
  })
})

describe('layers made from a table', () => {
  it('check their arguments and can be told apart', () => {
    const Pool = nn.MaxPool2d as unknown as new (...args: unknown[]) => object
    expect(() => new Pool()).toThrow("MaxPool2d needs the argument 'kernel_size'")
    expect(() => new Pool(2, { strides: 1 })).toThrow("unexpected keyword argument 'strides'")
    expect(new Pool({ kernel_size: 2 })).toBeInstanceOf(nn.MaxPool2d)
    expect(new nn.ZeroPad1d(1)).not.toBeInstanceOf(nn.MaxPool2d)
    expect(new nn.MaxPool2d([2, 3], { padding: 1 }).stride).toEqual([2, 3])
    expect(() => new nn.ReflectionPad2d([1, 2])).toThrow('takes 4 numbers')
    expect(() => new nn.FractionalMaxPool2d(2, { output_size: 2, output_ratio: 0.5 })).toThrow('either')
    expect(() => new nn.BatchNorm2d(2)(torch.ones([2, 2]))).toThrow('BatchNorm2d takes (N, C, H, W)')
  })

  it('split at a list of positions', () => {
    const x = torch.arange(12).reshape(3, 4)
    expect(torch.hsplit(x, [1, 3]).map((part) => part.shape)).toEqual([
      [3, 1],
      [3, 2],
      [3, 1],
    ])
    expect(torch.vsplit(x, [2]).map((part) => part.shape)).toEqual([
      [2, 4],
      [1, 4],
    ])
    expect(x.hsplit([2])).toHaveLength(2)
    expect(torch.dsplit(x.reshape(1, 3, 4), [1])).toHaveLength(2)
    expect(torch.hsplit(x, 2)).toHaveLength(2)
  })
})
