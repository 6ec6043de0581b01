import { describe, expect, it } from 'vitest'

import { ArgumentError, type Tensor, torch } from '../../../lib/index.js'

const parameter = () => torch.ones([2]).requires_grad_()

describe('grad modes', () => {
  it('by callback', () => {
    const p = parameter()
    expect(torch.no_grad(() => p.mul(p).requires_grad)).toBe(false)
    expect(torch.no_grad(() => torch.enable_grad(() => p.mul(p).requires_grad))).toBe(true)
    expect(torch.set_grad_enabled(false, () => torch.is_grad_enabled())).toBe(false)
    expect(torch.inference_mode(() => torch.is_inference_mode_enabled())).toBe(true)
    expect([torch.is_grad_enabled(), torch.is_inference_mode_enabled()]).toEqual([true, false])
  })

  it('to the end of a block', () => {
    {
      using _ = torch.no_grad()
      {
        using _ = torch.enable_grad()
        expect(torch.is_grad_enabled()).toBe(true)
      }
      expect(torch.is_grad_enabled()).toBe(false)
    }
    expect(torch.is_grad_enabled()).toBe(true)
  })

  it('end when the callback throws', () => {
    expect(() =>
      torch.no_grad(() => {
        throw new RangeError('mine')
      }),
    ).toThrow(RangeError)
    expect(torch.is_grad_enabled()).toBe(true)
  })

  it.each(['no_grad', 'enable_grad', 'inference_mode', 'scope'] as const)(
    'torch.%s refuses a promise',
    (name) => {
      expect(() => torch[name](async () => 1)).toThrow(ArgumentError)
      expect(() => torch[name](() => Promise.reject(new Error('inside')))).toThrow(/returned a promise/)
      expect(torch.is_grad_enabled()).toBe(true)
    },
  )

  it('must end last in, first out', () => {
    const outer = torch.no_grad()
    const inner = torch.enable_grad()
    expect(() => outer[Symbol.dispose]()).toThrow(/last in, first out/)
    expect(torch.is_grad_enabled()).toBe(true)
    expect(() => inner[Symbol.dispose]()).toThrow(/last in, first out/)
    expect(torch.is_grad_enabled()).toBe(true)
  })
})

describe('torch.autocast', () => {
  const product = () => torch.matmul(torch.ones([2, 2]), torch.ones([2, 2])).dtype

  it('narrows matrix products inside only', () => {
    expect(torch.autocast({ device_type: 'cpu', dtype: torch.bfloat16 }, product)).toBe(torch.bfloat16)
    expect(torch.autocast({ dtype: 'float16' }, product)).toBe(torch.float16)
    expect(torch.autocast({ enabled: false }, product)).toBe(torch.float32)
    expect(product()).toBe(torch.float32)
  })

  it('nests', () => {
    torch.autocast({}, () => {
      torch.autocast({ enabled: false }, () => expect(product()).toBe(torch.float32))
      expect(product()).toBe(torch.bfloat16)
    })
  })

  it('refuses an unknown device and dtype', () => {
    expect(() => torch.autocast({ device_type: 'nowhere' }, product)).toThrow(/must name a device/)
    expect(() => torch.autocast({ dtype: 'float31' }, product)).toThrow(/not a dtype/)
    expect(product()).toBe(torch.float32)
  })
})

describe('torch.scope', () => {
  it('releases what is made inside and not returned', () => {
    const outside = torch.ones([1])
    let inner: Tensor | undefined
    const kept = torch.scope(() => {
      inner = torch.ones([2])
      return inner.add(1)
    })
    expect([inner?.disposed, kept.disposed, outside.disposed]).toEqual([true, false, false])
    expect(kept.tolist()).toEqual([2, 2])
  })

  it('keeps tensors in lists, objects, maps of them, and views of released ones', () => {
    const made = torch.scope(() => {
      const base = torch.arange(6)
      return { list: [base.view(2, 3)], deep: { one: torch.ones([1]) } }
    })
    expect(made.list[0]?.tolist()).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ])
    expect(made.deep.one.item()).toBe(1)
  })

  it('hands what an inner scope keeps to the outer one', () => {
    let fromInner: Tensor | undefined
    torch.scope(() => {
      fromInner = torch.scope(() => torch.ones([1]))
      expect(fromInner.disposed).toBe(false)
    })
    expect(fromInner?.disposed).toBe(true)
  })

  it('works to the end of a block and when the callback throws', () => {
    let made: Tensor
    {
      using _ = torch.scope()
      made = torch.ones([1])
    }
    expect(made.disposed).toBe(true)
    expect(() =>
      torch.scope(() => {
        made = torch.ones([1])
        throw new RangeError('mine')
      }),
    ).toThrow(RangeError)
    expect(made.disposed).toBe(true)
  })

  it('leaves parameters their gradients', () => {
    const p = parameter()
    torch.scope(() => p.mul(3).sum().backward())
    expect(p.grad?.tolist()).toEqual([3, 3])
  })

  it('ends with scopes inside that were never ended', () => {
    let forgotten: Tensor | undefined
    const kept = torch.scope(() => {
      torch.scope()
      forgotten = torch.ones([1])
      return torch.ones([1])
    })
    expect([forgotten?.disposed, kept.disposed]).toEqual([true, false])
  })

  it('keeps what maps, sets and modules hold', async () => {
    const { map, set, module } = torch.scope(() => {
      class Scale extends torch.nn.Module<[Tensor], Tensor> {
        weight = torch.nn.Parameter(torch.ones([1]))
        forward = (x: Tensor) => x.mul(this.weight)
      }
      return { map: new Map([['a', torch.ones([1])]]), set: new Set([torch.ones([1])]), module: new Scale() }
    })
    expect(map.get('a')?.item()).toBe(1)
    expect([...set][0]?.item()).toBe(1)
    expect(module(torch.tensor([2])).item()).toBe(2)
  })

  it('gives the memory back at once', () => {
    const before = torch.memory()
    torch.scope(() => {
      for (let i = 0; i < 10; i++) torch.ones([1000])
      expect(torch.memory().tensors).toBe(before.tensors + 10)
    })
    expect(torch.memory().tensors).toBe(before.tensors)
    expect(torch.memory().devices.cpu?.bytes).toBe(before.devices.cpu?.bytes)
  })
})
