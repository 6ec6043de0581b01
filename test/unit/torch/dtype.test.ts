import { inspect } from 'node:util'

import { describe, expect, it } from 'vitest'

import { DTypeError } from '../../../lib/errors.js'
import { bfloat16, dtypeFromCode, float16, float32, int64, resolveDType } from '../../../lib/torch/dtype.js'

describe('a dtype', () => {
  it('is found by its name, with or without torch., and by its code', () => {
    expect(resolveDType('float32')).toBe(float32)
    expect(resolveDType('torch.int64')).toBe(int64)
    expect(resolveDType(bfloat16)).toBe(bfloat16)
    expect(dtypeFromCode(float16.dtypeCode)).toBe(float16)
  })

  it('prints as in PyTorch and cannot be changed', () => {
    expect([String(float32), inspect({ float32 })]).toEqual(['torch.float32', '{ float32: torch.float32 }'])
    expect(() => Object.assign(float32, { itemsize: 1 })).toThrow(TypeError)
  })

  it.each(['', 'float', 'Float32', 'torch.', 'torch.torch.float32', '__proto__', 'constructor'])(
    "'%s' is none",
    (name) => {
      expect(() => resolveDType(name)).toThrow(DTypeError)
      expect(() => resolveDType(name)).toThrow(/is no dtype; known are float32, float64/)
    },
  )

  it('of an unknown code is refused', () => {
    expect(() => dtypeFromCode(12)).toThrow(/code 12/)
  })
})
