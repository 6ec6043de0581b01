import { describe, expect, it } from 'vitest'

import { ArgumentError, DTypeError, ShapeError, Tensor, torch } from '../../../lib/index.js'

describe('values', () => {
  it('item gives numbers and booleans', () => {
    expect(torch.tensor(2.5).item()).toBe(2.5)
    expect(torch.tensor([[7]]).item()).toBe(7)
    expect(torch.tensor(true).item()).toBe(true)
    expect(torch.tensor(Number.NaN).item()).toBeNaN()
    expect(() => torch.tensor([1, 2]).item()).toThrow(/one element, this one has 2/)
    expect(() => torch.tensor([]).item()).toThrow(ShapeError)
  })

  it('an int64 beyond 2^53 needs itemBigInt', () => {
    const large = 2n ** 53n + 1n
    expect(torch.tensor(2n ** 53n).item()).toBe(2 ** 53)
    expect(torch.tensor(large).itemBigInt()).toBe(large)
    expect(torch.tensor(-(2n ** 63n)).itemBigInt()).toBe(-(2n ** 63n))
    expect(() => torch.tensor(large).item()).toThrow(ArgumentError)
    expect(() => torch.tensor(large).item()).toThrow(/9007199254740993 is beyond 2\^53[\s\S]*itemBigInt\(\)/)
    expect(() => torch.tensor(1.5).itemBigInt()).toThrow(/1.5 is no whole number/)
  })

  it('tolist nests by shape, whatever the strides', () => {
    const x = torch.arange(6).reshape([2, 3])
    expect(x.tolist()).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ])
    expect(x.t().tolist()).toEqual([
      [0, 3],
      [1, 4],
      [2, 5],
    ])
    expect(torch.tensor(5).tolist()).toBe(5)
    expect(torch.empty([2, 0]).tolist()).toEqual([[], []])
    expect(torch.tensor([2n ** 60n, 1n]).tolist()).toEqual([2n ** 60n, 1])
    expect(torch.tensor([0.5], { dtype: torch.float16 }).tolist()).toEqual([0.5])
    expect(() => torch.zeros([1], { dtype: torch.complex64 }).tolist()).toThrow(/view_as_real/)
  })

  it('toTypedArray has the layout of the dtype', () => {
    expect(torch.tensor([1.5, 2]).toTypedArray()).toEqual(new Float32Array([1.5, 2]))
    expect(torch.tensor([1, 2]).toTypedArray()).toEqual(new BigInt64Array([1n, 2n]))
    expect(torch.tensor([1], { dtype: torch.bfloat16 }).toTypedArray()).toEqual(new Uint16Array([0x3f80]))
  })
})

describe('what a tensor is', () => {
  it('shape, strides, dtype, device', () => {
    const x = torch.ones([2, 3, 4])
    expect(x).toBeInstanceOf(Tensor)
    expect([x.shape, x.size(), x.size(-1), x.ndim, x.dim(), x.length]).toEqual([
      [2, 3, 4],
      [2, 3, 4],
      4,
      3,
      3,
      2,
    ])
    expect([x.numel(), x.element_size(), x.stride(), x.stride(1)]).toEqual([24, 4, [12, 4, 1], 4])
    expect([x.is_contiguous(), x.transpose(0, 1).is_contiguous(), x.is_floating_point()]).toEqual([
      true,
      false,
      true,
    ])
    expect(String(x.device)).toBe('cpu')
    expect(x.select(0, 1).storage_offset()).toBe(12)
    expect(() => x.size(3)).toThrow(/dimension 3 is out of range, the tensor has 3 dimensions/)
    expect(() => torch.tensor(1).length).toThrow(/0-d tensor has no length/)
  })

  it('iterates over its first dimension', () => {
    expect([...torch.tensor([[1, 2], [3, 4]])].map((row) => row.tolist())).toEqual([[1, 2], [3, 4]]) // biome-ignore format: rows
    expect(() => [...torch.tensor(1)]).toThrow(/iteration over a 0-d tensor/)
  })
})

describe('identity', () => {
  it('one object for one tensor', () => {
    const p = torch.ones([2]).requires_grad_()
    p.sum().backward()
    expect(p.grad).toBe(p.grad)
    expect(p.grad).not.toBeNull()
  })

  it('in-place operators return their receiver, out= its argument', () => {
    const x = torch.ones([2])
    const out = torch.empty([2])
    expect(x.add_(1)).toBe(x)
    expect(x.mul_(torch.tensor(3))).toBe(x)
    expect(x.requires_grad_(false)).toBe(x)
    expect(torch.add(x, 1, { out })).toBe(out)
    expect(out.tolist()).toEqual([7, 7])
    expect(x.to(torch.float32)).toBe(x)
  })

  it('views share the storage, copies do not', () => {
    const x = torch.zeros([4])
    const view = x.view([2, 2])
    const copy = x.clone()
    x.fill_(1)
    expect(view.tolist()).toEqual([
      [1, 1],
      [1, 1],
    ])
    expect(copy.tolist()).toEqual([0, 0, 0, 0])
    view.dispose()
    expect(x.sum().item()).toBe(4)
  })

  it('assigning data and grad keeps it', () => {
    const p = torch.zeros([2]).requires_grad_()
    p.data = torch.tensor([1, 2], { dtype: torch.float32 })
    expect(p.tolist()).toEqual([1, 2])
    expect(p.requires_grad).toBe(true)
    p.grad = torch.ones([2])
    expect(p.grad?.tolist()).toEqual([1, 1])
    p.grad = null
    expect(p.grad).toBeNull()
    expect(() => {
      p.grad = torch.ones([3])
    }).toThrow(ShapeError)
    expect(() => {
      p.grad = torch.ones([2], { dtype: torch.float64 })
    }).toThrow(DTypeError)
  })
})

describe('calls', () => {
  const x = torch.arange(6).to(torch.float32)

  it('take positions, keywords, and both', () => {
    const expected = [[3], [12]]
    const m = x.reshape([2, 3])
    expect(m.sum(1, true).tolist()).toEqual(expected)
    expect(m.sum(1, { keepdim: true }).tolist()).toEqual(expected)
    expect(m.sum({ dim: 1, keepdim: true }).tolist()).toEqual(expected)
    expect(torch.sum(m, { dim: [1], keepdim: true }).tolist()).toEqual(expected)
    expect(torch.cat([x, x], { dim: 0 }).shape).toEqual([12])
  })

  it('take sizes spread or as a list', () => {
    expect(x.view(2, 3).shape).toEqual([2, 3])
    expect(x.view([3, -1]).shape).toEqual([3, 2])
    expect(x.reshape(6, 1).permute(1, 0).shape).toEqual([1, 6])
    expect(torch.zeros(2, 3).shape).toEqual([2, 3])
  })

  it('give several results by position and by name', () => {
    const result = torch.max(x.reshape([2, 3]), 1)
    expect([result.values.tolist(), result.indices.tolist()]).toEqual([
      [2, 5],
      [2, 2],
    ])
    expect(result[0]).toBe(result.values)
    const [values, indices] = torch.topk(x, 2)
    expect([values.tolist(), indices.tolist()]).toEqual([
      [5, 4],
      [5, 4],
    ])
  })

  it('name every signature that does not fit, and why', () => {
    const add = torch.add as unknown as (...args: unknown[]) => unknown
    expect(() => add(x, 'one')).toThrow(ArgumentError)
    expect(() => add(x, 'one')).toThrow(/argument 'other' must be number, not string 'one'/)
    expect(() => add(x)).toThrow(/missing argument 'other'/)
    expect(() => add(x, 1, 2, 3, 4)).toThrow(/positional arguments but 5 were given/)
    expect(() => add(x, 1, { alhpa: 2 })).toThrow(/unknown option 'alhpa'/)
  })

  it('convert with to', () => {
    expect(x.to(torch.int32).dtype).toBe(torch.int32)
    expect(x.to('float64').dtype).toBe(torch.float64)
    expect(x.to('cpu')).toBe(x)
    expect(x.to('cpu', 'bfloat16').dtype).toBe(torch.bfloat16)
    expect(x.to(torch.tensor(1)).dtype).toBe(torch.int64)
    expect(x.to({ dtype: torch.float16 }).dtype).toBe(torch.float16)
    expect(x.to({ copy: true, dtype: torch.float32 }) === x).toBe(false)
    expect(() => x.to('floaty')).toThrow(/'floaty' is no dtype; known are/)
    expect(() => x.to(1 as never)).toThrow(ArgumentError)
  })
})
