import { Buffer, constants } from 'node:buffer'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { describe, expect, it } from 'vitest'

import { ArgumentError, DisposedError, RobertorchError, ShapeError } from '../../../lib/errors.js'
import { torch } from '../../../lib/index.js'
import type { FrombufferOptions } from '../../../lib/torch/buffers.js'
import type { BufferLike, TypedArray } from '../../../lib/torch/creation.js'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const arrays: [TypedArray, string][] = [
  [Float32Array.of(1.5, -2), 'float32'],
  [Float64Array.of(1.5, -2), 'float64'],
  [BigInt64Array.of(1n, -2n), 'int64'],
  [BigUint64Array.of(1n, 2n), 'uint64'],
  [Int32Array.of(1, -2), 'int32'],
  [Uint32Array.of(1, 2), 'uint32'],
  [Int16Array.of(1, -2), 'int16'],
  [Uint16Array.of(1, 2), 'uint16'],
  [Int8Array.of(1, -2), 'int8'],
  [Uint8Array.of(1, 2), 'uint8'],
  [Uint8ClampedArray.of(1, 2), 'uint8'],
  [Buffer.from([1, 2]), 'uint8'],
]
const named = arrays.map(([array, dtype]) => [array.constructor.name, array, dtype] as const)

describe('typed arrays', () => {
  it.each(named)('%s is copied by torch.tensor', (_, array, dtype) => {
    const tensor = torch.tensor(array)
    expect(String(tensor.dtype)).toBe(`torch.${dtype}`)
    expect(tensor.tolist()).toEqual(Array.from(array as ArrayLike<number | bigint>, Number))
    expect(Array.from(tensor.toTypedArray() as ArrayLike<unknown>)).toEqual(
      Array.from(array as ArrayLike<unknown>),
    )
    array[0] = typeof array[0] === 'bigint' ? 7n : 7
    expect(tensor.at(0).item()).not.toBe(7)
  })

  it.each(named)('%s shares its memory with torch.from_numpy', (_, array, dtype) => {
    const tensor = torch.from_numpy(array)
    expect(String(tensor.dtype)).toBe(`torch.${dtype}`)
    array[0] = typeof array[0] === 'bigint' ? 9n : 9
    expect(tensor.at(0).item()).toBe(9)
    tensor.fill_(3)
    expect(Number(array[1])).toBe(3)
  })

  it('takes the part of a buffer that the view covers', () => {
    const bytes = new Float32Array([0, 1, 2, 3]).buffer
    expect(torch.tensor(new Float32Array(bytes, 4, 2)).tolist()).toEqual([1, 2])
    expect(torch.from_numpy(new Float32Array(bytes, 4, 2)).tolist()).toEqual([1, 2])
    expect(torch.from_numpy(new Float32Array(0)).shape).toEqual([0])
  })

  const Float16 = Reflect.get(globalThis, 'Float16Array') as (new (v: number[]) => TypedArray) | undefined
  it.skipIf(Float16 === undefined)('Float16Array is float16 (needs Node 24)', () => {
    const array = new (Float16 as new (v: number[]) => TypedArray)([1.5, -2])
    expect(String(torch.tensor(array))).toBe('tensor([ 1.5000, -2.0000], dtype=torch.float16)')
    expect(torch.from_numpy(array).tolist()).toEqual([1.5, -2])
  })

  it('carries raw bits of bfloat16 both ways', () => {
    const bits = Uint16Array.of(0x3fc0, 0xc000)
    const tensor = torch.fromTypedArray(bits).view(torch.bfloat16)
    expect(tensor.tolist()).toEqual([1.5, -2])
    expect(torch.frombuffer(bits, { dtype: 'bfloat16' }).tolist()).toEqual([1.5, -2])
    expect(tensor.toTypedArray()).toEqual(bits)
  })
})

describe('torch.frombuffer', () => {
  it.each<[string, () => BufferLike]>([
    ['ArrayBuffer', () => new ArrayBuffer(16)],
    ['SharedArrayBuffer', () => new SharedArrayBuffer(16)],
    ['DataView', () => new DataView(new ArrayBuffer(24), 8)],
    ['DataView of a SharedArrayBuffer', () => new DataView(new SharedArrayBuffer(16))],
    ['Buffer', () => Buffer.alloc(16)],
    ['typed array over a SharedArrayBuffer', () => new Float32Array(new SharedArrayBuffer(16))],
  ])('shares the memory of %s', (_, make) => {
    const buffer = make()
    const tensor = torch.frombuffer(buffer, { dtype: torch.float32, offset: 4, count: 2 })
    tensor.copy_(torch.tensor([1.5, 2.5]))
    const [bytes, begin] = ArrayBuffer.isView(buffer) ? [buffer.buffer, buffer.byteOffset] : [buffer, 0]
    expect([...new Float32Array(bytes, begin, 4)]).toEqual([0, 1.5, 2.5, 0])
    new Float32Array(bytes, begin, 4)[1] = 8
    expect(tensor.tolist()).toEqual([8, 2.5])
  })

  it('keeps the buffer alive as long as the tensor or a view of it, and no longer', async () => {
    let collected = false
    const registry = new FinalizationRegistry(() => {
      collected = true
    })
    const make = () => {
      const array = new Float32Array(1000).fill(2)
      registry.register(array.buffer, null)
      return torch.frombuffer(array).at('10:')
    }
    const part = make()
    for (let i = 0; i < 5; i++) {
      collect()
      await sleep(2)
    }
    expect(collected).toBe(false)
    expect(part.sum().item()).toBe(1980)
    part.dispose()
    for (let i = 0; i < 50 && !collected; i++) {
      collect()
      torch.tensor([i]) // a tensor that is made sweeps those whose object is gone
      await sleep(2)
    }
    expect(collected).toBe(true)
  })

  it('takes part in autograd', () => {
    const array = Float32Array.of(1, 2)
    const x = torch.frombuffer(array, { requires_grad: true })
    x.mul(x).sum().backward()
    expect(x.grad?.tolist()).toEqual([2, 4])
  })

  it('keeps the buffer where it is: transferring leaves it attached', () => {
    const buffer = new ArrayBuffer(8)
    const tensor = torch.frombuffer(buffer, { dtype: 'int32' })
    try {
      structuredClone(buffer, { transfer: [buffer] }) // Node 20 copies it instead, later versions throw
    } catch (error) {
      expect((error as Error).name).toBe('DataCloneError')
    }
    const transfer = Reflect.get(buffer, 'transfer') as (() => ArrayBuffer) | undefined
    if (transfer !== undefined) expect(() => transfer.call(buffer)).toThrow(ArgumentError)
    expect(buffer.byteLength).toBe(8)
    expect(tensor.fill_(1).tolist()).toEqual([1, 1])
  })

  const resizable = () => Reflect.construct(ArrayBuffer, [8, { maxByteLength: 16 }]) as ArrayBuffer
  const detached = () => {
    const buffer = new ArrayBuffer(8)
    structuredClone(buffer, { transfer: [buffer] })
    return buffer
  }

  it.each<[string, () => BufferLike, FrombufferOptions, RegExp]>([
    ['a resizable buffer', resizable, { dtype: 'int8' }, /resizable/],
    ['a detached buffer', detached, { dtype: 'int8' }, /detached/],
    ['an empty buffer', () => new ArrayBuffer(0), { dtype: 'int8' }, /length \(0\)/],
    ['no dtype', () => new ArrayBuffer(8), {}, /dtype of a buffer/],
    ['no count', () => new ArrayBuffer(8), { dtype: 'int8', count: 0 }, /count \(0\)/],
    ['a negative count', () => new ArrayBuffer(8), { dtype: 'int8', count: -2 }, /count .* -2/],
    ['too many', () => new ArrayBuffer(8), { dtype: 'int32', count: 3 }, /3 elements of 4 bytes/],
    [
      'too many after the offset',
      () => new ArrayBuffer(8),
      { dtype: 'int32', count: 2, offset: 4 },
      /offset 4/,
    ],
    ['a remainder', () => new ArrayBuffer(7), { dtype: 'int32' }, /multiple of element size \(4\)/],
    ['an offset at the end', () => new ArrayBuffer(8), { dtype: 'int8', offset: 8 }, /0 to 7, is 8/],
    ['a negative offset', () => new ArrayBuffer(8), { dtype: 'int8', offset: -1 }, /is -1/],
    ['a fractional offset', () => new ArrayBuffer(8), { dtype: 'int8', offset: 0.5 }, /is 0.5/],
    ['an odd offset', () => new ArrayBuffer(9), { dtype: 'int32', offset: 1 }, /no multiple of the 4 bytes/],
    ['no buffer', () => [1, 2] as unknown as ArrayBuffer, { dtype: 'int8' }, /must be an ArrayBuffer/],
  ])('refuses %s', (_, make, options, message) => {
    expect(() => torch.frombuffer(make(), options)).toThrow(message)
    expect(() => torch.frombuffer(make(), options)).toThrow(RobertorchError)
  })
})

describe('Tensor.numpy', () => {
  it('shares memory both ways and outlives the tensor', () => {
    const tensor = torch.arange(6).to(torch.float32).reshape([2, 3])
    const all = tensor.numpy()
    const row = tensor.at(1).numpy()
    all[4] = 10
    expect(row[1]).toBe(10)
    tensor.mul_(2)
    tensor.dispose()
    expect([...(all as Float32Array)]).toEqual([0, 2, 4, 6, 20, 10])
    expect([...(row as Float32Array)]).toEqual([6, 20, 10])
    expect(torch.empty([0, 2]).numpy()).toHaveLength(0)
    expect(() => tensor.numpy()).toThrow(DisposedError)
  })

  it('gives the memory back when its array is collected', async () => {
    const before = torch.memory().devices.cpu?.bytes as number
    const megabytes = () => ((torch.memory().devices.cpu?.bytes as number) - before) / 2 ** 20
    const use = () => {
      const tensor = torch.zeros([2 ** 20])
      const array = tensor.numpy()
      tensor.dispose()
      expect(megabytes()).toBeGreaterThanOrEqual(4)
      return array.length
    }
    expect(use()).toBe(2 ** 20)
    for (let i = 0; i < 100 && megabytes() >= 4; i++) {
      collect()
      await sleep(2)
    }
    expect(megabytes()).toBeLessThan(4)
  })

  it('keeps its memory: the tensor cannot grow any more', () => {
    const tensor = torch.ones([4])
    const array = tensor.numpy()
    expect(() => tensor.resize_([1000])).toThrow(/not resizable/)
    expect([...(array as Float32Array)]).toEqual([1, 1, 1, 1])
  })

  it('refuses what it cannot lay flat', () => {
    expect(() => torch.ones([2]).requires_grad_().numpy()).toThrow(/detach\(\)\.numpy\(\)/)
    expect(() => torch.ones([2, 3]).t().numpy()).toThrow(/contiguous\(\)/)
  })

  it('resolves conjugates when it copies', () => {
    const numbers = torch.view_as_complex(torch.tensor([[1, 2]], { dtype: 'float32' }))
    expect([...(numbers.conj().toTypedArray() as Float32Array)]).toEqual([1, -2])
    expect(() => numbers.conj().numpy()).toThrow(ArgumentError)
  })
})

describe('fromTypedArray', () => {
  it('refuses shapes that do not hold the data', () => {
    expect(() => torch.fromTypedArray(new Float32Array(3), [2, 2])).toThrow(ShapeError)
    expect(() => torch.fromTypedArray(new Float32Array(4), [-2, -2])).toThrow(ShapeError)
    expect(() => torch.fromTypedArray(new DataView(new ArrayBuffer(4)) as never)).toThrow(ArgumentError)
  })
})

// Newer engines have no limit that a machine could reach.
it.runIf(constants.MAX_LENGTH < 2 ** 33)('refuses memory longer than a buffer may be, and goes on', () => {
  const tensor = torch.empty([constants.MAX_LENGTH + 1], { dtype: 'uint8' })
  expect(() => tensor.numpy()).toThrow(/takes no \d+ bytes from outside/)
  expect(tensor.at(0).fill_(7).item()).toBe(7)
  tensor.dispose()
})
