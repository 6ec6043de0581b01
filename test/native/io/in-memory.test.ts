import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { ArgumentError, DTypeError, safetensors, type Tensor, torch } from '../../../lib/index.js'
import { safetensorsBytes, temporaryFolder } from './safetensors-file.js'

const tensors = (): Record<string, Tensor> => ({
  weight: torch.arange(12).to('float32').reshape([3, 4]).t(),
  half: torch.tensor([0.5, -1]).to('bfloat16'),
  flags: torch.tensor([true, false, true]),
  scalar: torch.tensor(7),
  empty: torch.zeros([0, 3]),
})

describe('safetensors.save and safetensors.load', () => {
  it('give back what was saved, with shapes and dtypes', () => {
    const given = tensors()
    const back = safetensors.load(safetensors.save(given))
    expect(Object.keys(back).sort()).toEqual(Object.keys(given).sort())
    for (const [name, tensor] of Object.entries(given)) {
      expect(back[name]?.dtype).toBe(tensor.dtype)
      expect(back[name]?.shape).toEqual(tensor.shape)
      expect(back[name]?.tolist()).toEqual(tensor.tolist())
    }
  })

  it('save the bytes that save_file writes', async () => {
    const path = join(temporaryFolder(), 'saved.safetensors')
    const metadata = { format: 'pt' }
    await safetensors.save_file(tensors(), path, { metadata })
    expect(Buffer.from(safetensors.save(tensors(), { metadata })).equals(readFileSync(path))).toBe(true)
    expect((await safetensors.openFile(path)).metadata).toEqual(metadata)
  })

  it('copy the bytes: neither side sees what the other writes later', () => {
    const bytes = safetensors.save({ x: torch.ones([2]) })
    const { x } = safetensors.load(bytes)
    bytes.fill(0)
    expect(x?.tolist()).toEqual([1, 1])
  })

  it('take any view: at an odd offset, of a SharedArrayBuffer, an ArrayBuffer', () => {
    const bytes = safetensors.save({ x: torch.tensor([1, 2]) })
    const shifted = new Uint8Array(bytes.length + 1)
    shifted.set(bytes, 1)
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length))
    shared.set(bytes)
    for (const view of [shifted.subarray(1), shared, shared.slice().buffer, new DataView(bytes.buffer)]) {
      expect(safetensors.load(view).x?.tolist()).toEqual([1, 2])
    }
  })

  it('copy a tensor whose data is not aligned to its element', () => {
    const header = JSON.stringify({ a: { dtype: 'I32', shape: [1], data_offsets: [0, 4] } })
    for (const blanks of [0, 1, 2, 3]) {
      const bytes = safetensorsBytes(header + ' '.repeat(blanks), 4)
      expect(safetensors.load(bytes).a?.item()).toBe(0x2a2a2a2a)
    }
  })

  it('write the values of a tensor whose sign is still to be applied', () => {
    const pair = torch.tensor([[1, 2]], { dtype: torch.float32 })
    const imag = torch.view_as_complex(pair).conj().imag()
    expect(safetensors.load(safetensors.save({ imag })).imag?.tolist()).toEqual([-2])
  })

  it('refuse what the format cannot hold, and what is no bytes', () => {
    expect(() => safetensors.save({ z: torch.zeros([1], { dtype: torch.complex64 }) })).toThrow(DTypeError)
    expect(() => safetensors.load('text' as unknown as ArrayBuffer)).toThrow(ArgumentError)
  })
})
