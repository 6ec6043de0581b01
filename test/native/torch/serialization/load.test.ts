import { copyFileSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { ArgumentError, CheckpointError, type Tensor, torch } from '../../../../lib/index.js'
import { temporaryFolder } from '../../io/safetensors-file.js'
import { described, valuesFolder } from './fixtures.js'

const golden = JSON.parse(readFileSync(join(valuesFolder, 'values.json'), 'utf8')) as Record<string, unknown>
type Tensors = Record<string, Tensor>

const loadValues = async (name: string, options = {}) =>
  (await torch.load(join(valuesFolder, name), { map_location: 'cpu', ...options })) as Tensors

describe('torch.load', () => {
  it.each([
    ['the zip form', 'zip.pt', {}],
    ['the zip form, copied', 'zip.pt', { mmap: false }],
    ['the form before PyTorch 1.6', 'legacy.pt', {}],
    ['pickle protocol 4', 'protocol4.pt', {}],
    ['data that is not aligned', 'unaligned.pt', {}],
  ])('reads every kind of value: %s', async (_, name, options) => {
    expect(described(await loadValues(name, options))).toEqual(golden)
  })

  it('turns the bytes of a big-endian machine round', async () => {
    const { uint16: _, float8: __, ...typed } = golden
    expect(described(await loadValues('big-endian.pt'))).toEqual(typed)
  })

  it.each(['zip.pt', 'legacy.pt'])('keeps what was shared shared: %s', async (name) => {
    const values = await loadValues(name)
    const { matrix, transposed, row } = values as { matrix: Tensor; transposed: Tensor; row: Tensor }
    matrix.fill_(7)
    expect([...(row.tolist() as number[]), ...(transposed.flatten().tolist() as number[])]).toEqual(
      Array(16).fill(7),
    )
    expect(values.list).toBe(values.again)
    expect(torch.nn.Parameter(values.parameter as Tensor)).toBe(values.parameter)
  })

  it('never changes the file, and reads it no more once it is removed', async () => {
    const path = join(temporaryFolder(), 'copy.pt')
    copyFileSync(join(valuesFolder, 'zip.pt'), path)
    const before = readFileSync(path)
    const { matrix, float64 } = (await torch.load(path, { map_location: 'cpu' })) as Tensors
    matrix?.fill_(9)
    expect(readFileSync(path)).toEqual(before)
    rmSync(path)
    expect(float64?.tolist()).toEqual([1.5, -2])
  })

  it('says what it cannot do', async () => {
    const path = join(valuesFolder, 'zip.pt')
    await expect(torch.load('')).rejects.toThrow(ArgumentError)
    await expect(torch.load(path, { weights_only: false as never })).rejects.toThrow(/would run Python code/)
    await expect(torch.load('/no/such/file.pt')).rejects.toThrow(CheckpointError)
    await expect(torch.load(join(valuesFolder, 'values.json'))).rejects.toThrow(/not written by torch\.save/)
    const safetensors = join(valuesFolder, '../../nn/layers.safetensors')
    await expect(torch.load(safetensors)).rejects.toThrow(/safetensors\.load_file/)
  })
})
