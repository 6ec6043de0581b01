import { describe, expect, it } from 'vitest'

import { ArgumentError, torch } from '../../../../lib/index.js'

describe('properties of a tensor', () => {
  it('tell device and layout', () => {
    const x = torch.ones([2, 3])
    expect([x.is_cpu, x.is_cuda, x.is_meta, x.is_sparse, x.is_mkldnn]).toEqual([
      true,
      false,
      false,
      false,
      false,
    ])
    expect(torch.empty([2], { device: 'meta' }).is_meta).toBe(true)
    expect([x.to_sparse_coo().is_sparse, x.to_sparse_csr().is_sparse_csr]).toEqual([true, true])
    expect(x.to_mkldnn().is_mkldnn).toBe(true)
  })

  it('tell sizes and addresses', () => {
    const x = torch.ones([2, 3], { dtype: 'float16' })
    expect([x.itemsize, x.nbytes, x.nelement(), x.ndimension()]).toEqual([2, 12, 6, 2])
    expect(x.T.data_ptr()).toBe(x.data_ptr())
    expect(x.at(0, '1:').data_ptr()).toBe(x.data_ptr() + 2)
  })

  it('tell quantized tensors', () => {
    const quint8 = new torch.DType('quint8', 13, 1, false, Uint8Array)
    const x = torch.quantize_per_tensor(torch.ones([2]), 0.1, 0, quint8)
    expect(x.is_quantized).toBe(true)
  })
})

describe('methods whose tensor is not the first argument of the operator', () => {
  it('polygamma takes the order', () => {
    const [first, second] = torch.tensor([1.5, 2]).polygamma(1).tolist() as number[]
    expect(first).toBeCloseTo(0.9348022, 6)
    expect(second).toBeCloseTo(0.6449341, 6)
    expect(torch.tensor([2.5]).polygamma_(1).item()).toBeCloseTo(0.4903578, 6)
  })
})

describe('functions for each element', () => {
  it('apply_ changes in place, through views too', () => {
    const x = torch.arange(6).reshape([2, 3])
    expect(x.T.apply_((value) => Number(value) * 2 + 1)).toBeInstanceOf(torch.Tensor)
    expect(x.tolist()).toEqual([
      [1, 3, 5],
      [7, 9, 11],
    ])
    expect(
      torch
        .tensor([true, false])
        .apply_((value) => !value)
        .tolist(),
    ).toEqual([false, true])
    expect(
      torch
        .tensor([2n ** 60n])
        .apply_((value) => (value as bigint) + 1n)
        .itemBigInt(),
    ).toBe(2n ** 60n + 1n)
  })

  it('map_ and map2_ broadcast the others', () => {
    const x = torch.zeros([2, 3])
    x.map_(torch.tensor([1.5, 2, 3]), (a, b) => Number(a) + Number(b))
    expect(x.tolist()).toEqual([
      [1.5, 2, 3],
      [1.5, 2, 3],
    ])
    x.map2_(torch.tensor(2), torch.tensor(1), (a, b, c) => Number(a) * Number(b) + Number(c))
    expect(x.at(0).tolist()).toEqual([4, 5, 7])
  })

  it('refuse tensors that require grad', () => {
    const x = torch.ones([1], { requires_grad: true })
    expect(() => x.apply_((value) => value)).toThrow(ArgumentError)
    expect(() => torch.ones([1]).map_(x, (a) => a)).toThrow(/requires grad/)
  })
})

describe('torch.typename', () => {
  it('names tensors as Tensor.type and other values by their class', () => {
    expect(torch.typename(torch.tensor([1]))).toBe('torch.LongTensor')
    expect(torch.typename(new torch.nn.Linear(1, 1))).toBe('Linear')
    expect([3, 'a', null, [], Object.create(null)].map(torch.typename)).toEqual([
      'number',
      'string',
      'null',
      'Array',
      'object',
    ])
  })
})

describe('in-place functions of torch', () => {
  it('are those that Python has', () => {
    const x = torch.tensor([-1.5, 2])
    expect(torch.relu_(x)).toBe(x)
    expect(x.tolist()).toEqual([0, 2])
    expect('add_' in torch).toBe(false)
  })
})
