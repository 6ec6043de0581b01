import { describe, expect, it } from 'vitest'

import { ArgumentError, torch } from '../../../lib/index.js'

describe('torch.as_tensor', () => {
  it('returns a tensor that fits itself, with its graph', () => {
    const x = torch.ones([2], { requires_grad: true }).mul(2)
    expect(torch.as_tensor(x)).toBe(x)
    expect(torch.as_tensor(x, { dtype: 'float32', device: 'cpu' })).toBe(x)
    expect(torch.as_tensor(x, { dtype: 'float64' }).grad_fn).toBe('ToCopyBackward0')
  })

  it('shares the memory of a typed array', () => {
    const array = new Float32Array([1, 2])
    torch.as_tensor(array).mul_(3)
    expect([...array]).toEqual([3, 6])
    torch.as_tensor(array, { dtype: 'float64' }).mul_(3)
    expect([...array]).toEqual([3, 6])
  })

  it('reads lists, numbers and empty arrays as torch.tensor does', () => {
    expect(torch.as_tensor([[1, 2]]).dtype).toBe(torch.int64)
    expect(torch.as_tensor(1.5).shape).toEqual([])
    expect(torch.as_tensor(new Int32Array(0)).dtype).toBe(torch.int32)
    expect(torch.as_tensor([1], { dtype: 'bool' }).tolist()).toEqual([true])
  })
})

describe('torch.asarray', () => {
  it('copies when asked to', () => {
    const x = torch.tensor([1, 2])
    expect(torch.asarray(x).data_ptr()).toBe(x.data_ptr())
    expect(torch.asarray(x, { copy: true }).data_ptr()).not.toBe(x.data_ptr())
  })

  it('never copies when told not to', () => {
    const x = torch.tensor([1, 2])
    expect(torch.asarray(x, { copy: false }).data_ptr()).toBe(x.data_ptr())
    expect(() => torch.asarray(x, { copy: false, dtype: 'float32' })).toThrow(ArgumentError)
    expect(() => torch.asarray([1, 2], { copy: false })).toThrow(/copy is false/)
  })

  it('leaves the graph unless the result requires grad', () => {
    const x = torch.ones([2], { requires_grad: true })
    expect(torch.asarray(x.mul(2)).requires_grad).toBe(false)
    expect(torch.asarray([1.5], { requires_grad: true }).requires_grad).toBe(true)
  })
})
