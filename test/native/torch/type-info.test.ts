import { describe, expect, it } from 'vitest'

import { DTypeError, torch } from '../../../lib/index.js'

describe('torch.finfo', () => {
  // As Python prints them.
  it.each([
    ['float64', 64, 2.220446049250313e-16, 1.7976931348623157e308, 2.2250738585072014e-308, 1e-15],
    ['float32', 32, 1.1920928955078125e-7, 3.4028234663852886e38, 1.1754943508222875e-38, 1e-6],
    ['float16', 16, 0.0009765625, 65504, 6.103515625e-5, 1e-3],
    ['bfloat16', 16, 0.0078125, 3.3895313892515355e38, 1.1754943508222875e-38, 1e-2],
    ['float8_e5m2', 8, 0.25, 57344, 6.103515625e-5, 1],
    ['float8_e4m3fn', 8, 0.125, 448, 0.015625, 1],
    ['float8_e5m2fnuz', 8, 0.125, 57344, 3.0517578125e-5, 1],
    ['float8_e4m3fnuz', 8, 0.125, 240, 0.0078125, 1],
  ])('knows %s', (dtype, bits, eps, max, tiny, resolution) => {
    expect(torch.finfo(dtype)).toEqual({
      dtype,
      bits,
      eps,
      max,
      min: -max,
      tiny,
      smallest_normal: tiny,
      resolution,
    })
  })

  it('gives a complex dtype the limits of its parts, and the default dtype to a call without one', () => {
    expect(torch.finfo(torch.complex64)).toEqual(torch.finfo(torch.float32))
    expect(torch.finfo(torch.cdouble).dtype).toBe('float64')
    expect(torch.finfo()).toEqual(torch.finfo(torch.float32))
  })

  it('knows a dtype without a sign', () => {
    const { max, min, tiny } = torch.finfo(torch.float8_e8m0fnu)
    expect([max, min, tiny]).toEqual([1.7014118346046923e38, 5.877471754111438e-39, 5.877471754111438e-39])
  })

  it('refuses integers', () => {
    expect(() => torch.finfo(torch.int8)).toThrow(DTypeError)
    expect(() => torch.finfo(torch.bool)).toThrow(
      /torch\.finfo takes a floating-point dtype, not torch\.bool/,
    )
  })
})

describe('torch.iinfo', () => {
  it.each([
    ['int8', 8, -128, 127],
    ['uint8', 8, 0, 255],
    ['int32', 32, -2147483648, 2147483647],
    ['uint32', 32, 0, 4294967295],
    ['int64', 64, -9223372036854775808n, 9223372036854775807n],
    ['uint64', 64, 0n, 18446744073709551615n],
  ])('knows %s', (dtype, bits, min, max) => {
    expect(torch.iinfo(dtype)).toEqual({ dtype, bits, min, max })
  })

  it('agrees with what LibTorch does at the limits', () => {
    const { max, min } = torch.iinfo(torch.int16)
    expect(torch.tensor([max], { dtype: 'int16' }).add(1).item()).toBe(min)
  })

  it.each([torch.bool, torch.float32, torch.complex64])('refuses %s', (dtype) => {
    expect(() => torch.iinfo(dtype)).toThrow(DTypeError)
  })
})
