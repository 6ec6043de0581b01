import { afterEach, describe, expect, it } from 'vitest'

import { DTypeError, torch } from '../../../lib/index.js'

afterEach(() => {
  torch.set_default_dtype(torch.float32)
  torch.use_deterministic_algorithms(false)
  torch.set_float32_matmul_precision('highest')
  torch.set_warn_always(false)
})

describe('torch.set_default_dtype', () => {
  it('decides what factories, numbers with fractions and layers become, and what printing leaves out', () => {
    expect(torch.get_default_dtype()).toBe(torch.float32)
    torch.set_default_dtype('float64')
    expect(torch.get_default_dtype()).toBe(torch.float64)
    expect(torch.ones([2]).dtype).toBe(torch.float64)
    expect(torch.tensor([1]).dtype).toBe(torch.int64)
    expect(new torch.nn.Linear(1, 1).weight.dtype).toBe(torch.float64)
    expect(torch.finfo().dtype).toBe('float64')
    expect(String(torch.tensor([1.5]))).toBe('tensor([1.5000])')
    expect(String(torch.tensor([1.5], { dtype: 'float32' }))).toBe('tensor([1.5000], dtype=torch.float32)')
    expect(String(torch.empty([0]))).toBe('tensor([])')
  })

  it('refuses what is no floating-point dtype', () => {
    expect(() => torch.set_default_dtype(torch.int32)).toThrow(DTypeError)
    expect(torch.get_default_dtype()).toBe(torch.float32)
  })
})

describe('torch.use_deterministic_algorithms', () => {
  it('makes operators that cannot comply throw', () => {
    const put = () => torch.zeros([3]).put_(torch.tensor([0, 1]), torch.tensor([1.5, 2]))
    put()
    torch.use_deterministic_algorithms(true)
    expect(torch.are_deterministic_algorithms_enabled()).toBe(true)
    expect(torch.get_deterministic_debug_mode()).toBe(2)
    expect(put).toThrow(/does not have a deterministic implementation/)
  })

  it('has levels', () => {
    torch.set_deterministic_debug_mode('warn')
    expect(torch.is_deterministic_algorithms_warn_only_enabled()).toBe(true)
    expect(torch.get_deterministic_debug_mode()).toBe(1)
    torch.set_deterministic_debug_mode(0)
    expect(torch.are_deterministic_algorithms_enabled()).toBe(false)
    expect(() => torch.set_deterministic_debug_mode(3)).toThrow(/must be one of default, warn, error/)
  })
})

describe('further settings', () => {
  it('keep the precision of matrix products', () => {
    torch.set_float32_matmul_precision('high')
    expect(torch.get_float32_matmul_precision()).toBe('high')
    const wrong = 'low' as unknown as 'medium'
    expect(() => torch.set_float32_matmul_precision(wrong)).toThrow(/not 'low'/)
    expect(torch.get_float32_matmul_precision()).toBe('high')
  })

  it('keep whether warnings repeat', () => {
    torch.set_warn_always(true)
    expect(torch.is_warn_always_enabled()).toBe(true)
  })

  it('flush denormals to 0', () => {
    const tiny = () => torch.tensor([1e-40]).mul(1).item()
    expect(tiny()).not.toBe(0)
    if (torch.set_flush_denormal(true)) expect(tiny()).toBe(0)
    torch.set_flush_denormal(false)
    expect(tiny()).not.toBe(0)
  })

  it('tell the threads between operators', () => {
    expect(torch.get_num_interop_threads()).toBeGreaterThan(0)
    expect(() => torch.set_num_interop_threads(0)).toThrow(/must lie in 1\.\.1024/)
  })

  it('tell what autocast does', () => {
    expect(torch.is_autocast_enabled('cpu')).toBe(false)
    expect(torch.get_autocast_dtype('cpu')).toBe(torch.bfloat16)
    torch.autocast({ dtype: 'float16' }, () => {
      expect(torch.is_autocast_enabled('cpu')).toBe(true)
      expect(torch.get_autocast_dtype('cpu')).toBe(torch.float16)
    })
  })
})
