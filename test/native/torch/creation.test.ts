import { describe, expect, it } from 'vitest'

import { ArgumentError, DTypeError, ShapeError, torch } from '../../../lib/index.js'

describe('torch.tensor chooses the dtype', () => {
  it.each([
    ['whole numbers', [1, -2, 3], torch.int64],
    ['a fraction among them', [1, 2.5], torch.float32],
    ['what is not finite', [1, Number.NaN], torch.float32],
    ['whole numbers beyond 2^53', [2 ** 60], torch.int64],
    ['bigints', [1n, 2n], torch.int64],
    ['bigints and whole numbers', [1n, 2], torch.int64],
    ['booleans', [true, false], torch.bool],
    ['nothing', [], torch.float32],
    ['Float32Array', new Float32Array([1]), torch.float32],
    ['Float64Array', new Float64Array([1]), torch.float64],
    ['BigInt64Array', new BigInt64Array([1n]), torch.int64],
    ['BigUint64Array', new BigUint64Array([1n]), torch.uint64],
    ['Int32Array', new Int32Array([1]), torch.int32],
    ['Uint32Array', new Uint32Array([1]), torch.uint32],
    ['Int16Array', new Int16Array([1]), torch.int16],
    ['Uint16Array', new Uint16Array([1]), torch.uint16],
    ['Int8Array', new Int8Array([1]), torch.int8],
    ['Uint8Array', new Uint8Array([1]), torch.uint8],
    ['Uint8ClampedArray', new Uint8ClampedArray([1]), torch.uint8],
  ])('of %s', (_, data, dtype) => {
    expect(torch.tensor(data).dtype).toBe(dtype)
  })

  it('that is given', () => {
    expect(torch.tensor([1, 2], { dtype: torch.float32 }).tolist()).toEqual([1, 2])
    expect(torch.tensor([1.9, -1.9], { dtype: 'int64' }).tolist()).toEqual([1, -1])
    expect(torch.tensor([0, 2], { dtype: 'torch.bool' }).tolist()).toEqual([false, true])
    expect(torch.tensor([0.1], { dtype: torch.bfloat16 }).item()).toBe(0.10009765625)
    expect(torch.tensor(new Float32Array([1.5]), { dtype: torch.int32 }).tolist()).toEqual([1])
    expect(torch.tensor([1], { dtype: torch.float64, requires_grad: true }).requires_grad).toBe(true)
  })
})

describe('torch.tensor refuses', () => {
  it.each([
    ['rows of other lengths', [[1, 2], [3]], /expected a list of 2 at depth 1, found one of 1/],
    ['numbers beside lists', [1, [2]], /ragged/],
    ['lists beside numbers', [[1], 2], /ragged/],
  ])('%s', (_, data, message) => {
    expect(() => torch.tensor(data as never)).toThrow(ShapeError)
    expect(() => torch.tensor(data as never)).toThrow(message)
  })

  it('a list that holds itself', () => {
    const list: unknown[] = []
    list.push(list)
    expect(() => torch.tensor(list as never)).toThrow(/more than 64 deep, or one holds itself/)
  })

  it.each([[null], [undefined], ['1'], [{}], [Symbol('x')], [() => 1], [new Date()]])('[%s]', (value) => {
    expect(() => torch.tensor([value] as never)).toThrow(ArgumentError)
  })

  it('a Tensor, an unknown dtype, and NaN as an integer', () => {
    expect(() => torch.tensor(torch.tensor(1) as never)).toThrow(/clone\(\)\.detach\(\)/)
    expect(() => torch.tensor([1], { dtype: 'float31' })).toThrow(DTypeError)
    expect(() => torch.tensor([1], { dtype: 'float31' })).toThrow(/'float31' is no dtype; known are float32/)
    expect(() => torch.tensor([Number.NaN], { dtype: torch.int64 })).toThrow(
      /NaN has no value in torch.int64/,
    )
  })
})

describe('torch.fromTypedArray', () => {
  it('copies in row-major order', () => {
    const data = new Float32Array([1, 2, 3, 4, 5, 6])
    const tensor = torch.fromTypedArray(data, [2, 3])
    data.fill(0)
    expect(tensor.tolist()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ])
  })

  it('reads a part of a buffer', () => {
    const whole = new Int32Array([1, 2, 3, 4])
    expect(torch.fromTypedArray(whole.subarray(1, 3)).tolist()).toEqual([2, 3])
  })

  it('refuses another number of elements, a negative size and one that overflows', () => {
    const data = new Float32Array(6)
    expect(() => torch.fromTypedArray(data, [4])).toThrow(/the shape needs 4 elements, the data holds 6/)
    expect(() => torch.fromTypedArray(data, [-6])).toThrow(/negative size -6/)
    expect(() => torch.fromTypedArray(data, [2 ** 40, 2 ** 40])).toThrow(ShapeError)
    expect(() => torch.fromTypedArray([1, 2] as never)).toThrow(ArgumentError)
  })
})
