import { Buffer } from 'node:buffer'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, describe, expect, it } from 'vitest'

import { CheckpointError, DTypeError } from '../../../lib/errors.js'
import { npy, safetensors, torch } from '../../../lib/index.js'
import { packageRoot } from '../../../lib/native/paths.js'
import type { NestedList } from '../../../lib/torch/tensor.js'

interface Golden {
  name: string
  dtype: string
  file: string
  shape: number[]
  strides: number[]
  values: NestedList
  canonical: boolean
}

const golden = JSON.parse(
  readFileSync(new URL('../../fixtures/torch/npy.json', import.meta.url), 'utf8'),
) as {
  numpy: string
  arrays: Golden[]
}
const folder = mkdtempSync(join(tmpdir(), 'robertorch-data-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
function written(content: Uint8Array): string {
  const path = join(folder, `${files++}.npy`)
  writeFileSync(path, content)
  return path
}

describe(`.npy files of NumPy ${golden.numpy}`, () => {
  const entries = golden.arrays.map((entry) => [entry.name, entry] as const)

  it.each(entries)('%s is read', async (_, { dtype, file, shape, strides, values }) => {
    const tensor = await npy.load(written(Buffer.from(file, 'base64')))
    expect(String(tensor.dtype)).toBe(`torch.${dtype}`)
    expect(tensor.shape).toEqual(shape)
    if (tensor.numel() > 1) expect(tensor.stride()).toEqual(strides)
    expect((tensor.is_complex() ? torch.view_as_real(tensor) : tensor).tolist()).toEqual(values)
  })

  it.each(entries.filter(([, { canonical }]) => canonical))('%s is written alike', async (_, { file }) => {
    const content = Buffer.from(file, 'base64')
    const path = join(folder, 'written.npy')
    await npy.save(path, await npy.load(written(content)))
    expect(readFileSync(path).equals(content)).toBe(true)
  })

  it('writes any layout in row-major order', async () => {
    const path = join(folder, 'layout.npy')
    const numbers = torch.arange(6).reshape([2, 3]).to(torch.float32).requires_grad_()
    await npy.save(path, numbers.t().at('1:'))
    const back = await npy.load(path)
    expect(back.tolist()).toEqual([
      [1, 4],
      [2, 5],
    ])
    expect(back.requires_grad).toBe(false)
    await npy.save(path, torch.view_as_complex(torch.tensor([[1, 2]], { dtype: 'float32' })).conj())
    expect(torch.view_as_real(await npy.load(path)).tolist()).toEqual([[1, -2]])
  })

  it('reads booleans that are neither 0 nor 1 as true', async () => {
    const file = Buffer.from(golden.arrays.find(({ name }) => name === 'matrix ?')?.file as string, 'base64')
    file[file.length - 1] = 0xff
    const tensor = await npy.load(written(file))
    expect([...(tensor.toTypedArray() as Uint8Array)].at(-1)).toBe(1)
  })

  it('leaves nothing behind when it cannot write', async () => {
    const before = readdirSync(folder)
    await expect(npy.save(join(folder, 'x.npy'), torch.ones([2]).to(torch.bfloat16))).rejects.toThrow(
      DTypeError,
    )
    await expect(npy.save(join(folder, 'none', 'x.npy'), torch.ones([2]))).rejects.toThrow(CheckpointError)
    expect(readdirSync(folder)).toEqual(before)
  })
})

describe('hostile .npy files', () => {
  const header = (text: string, version = 1) => {
    const length = Buffer.alloc(version === 1 ? 2 : 4)
    if (version === 1) length.writeUInt16LE(text.length)
    else length.writeUInt32LE(text.length)
    return Buffer.concat([
      Buffer.from('\x93NUMPY', 'latin1'),
      Buffer.from([version, 0]),
      length,
      Buffer.from(text, 'latin1'),
    ])
  }
  const dict = (descr: string, order: string, shape: string) =>
    header(`{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`)
  const lengthOnly = (length: number) => {
    const file = Buffer.from('\x93NUMPY\x02\x00\x00\x00\x00\x00', 'latin1')
    file.writeUInt32LE(length, 8)
    return file
  }

  it.each<[string, Uint8Array, RegExp]>([
    ['empty', Buffer.alloc(0), /no .npy file/],
    ['of another kind', Buffer.from('PK\x03\x04 and so on'), /no .npy file/],
    ['cut after the magic', Buffer.from('\x93NUMPY\x01\x00', 'latin1'), /no .npy file/],
    ['version 9', header('{}', 9), /version 9/],
    ['with a header of 4 GB', lengthOnly(0xffffffff), /4294967295 bytes, the limit is 10000/],
    ['that ends within its header', dict("'<f4'", 'False', '(2,)').subarray(0, 40), /ends within its header/],
    ['without a shape', header("{'descr': '<f4', 'fortran_order': False}"), /no 'shape'/],
    ['of objects', dict("'|O'", 'False', '(1,)'), /no 'descr'/],
    ['of records', dict("[('a', '<f4')]", 'False', '(1,)'), /no 'descr'/],
    ['of an unknown type', dict("'<M8'", 'False', '(1,)'), /type 'M8'/],
    ['of 16-byte floats', dict("'<f16'", 'False', '(1,)'), /type 'f16'/],
    ['with another order', dict("'<f4'", 'Maybe', '(1,)'), /no 'fortran_order'/],
    [
      'with code',
      header("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': exit()}"),
      /more than it may/,
    ],
    [
      'with a key twice',
      header("{'descr': '<f4', 'descr': '<f8', 'fortran_order': False, 'shape': (1,)}"),
      /more than/,
    ],
    ['of negative size', dict("'<f4'", 'False', '(-1,)'), /no 'shape'/],
    ['too large to count', dict("'<f4'", 'False', '(9007199254740993, 9007199254740993)'), /out of range/],
    ['of 65 dimensions', dict("'<f4'", 'False', `(${'1, '.repeat(65)})`), /out of range/],
    [
      'larger than memory',
      dict("'<f4'", 'False', '(99999999999999,)'),
      /should hold 399999999999996 bytes .* holds 0/,
    ],
    [
      'truncated',
      Buffer.concat([dict("'<f4'", 'False', '(2,)'), Buffer.alloc(7)]),
      /8 bytes of data, holds 7/,
    ],
    [
      'too long',
      Buffer.concat([dict("'<f4'", 'False', '(2,)'), Buffer.alloc(9)]),
      /8 bytes of data, holds 9/,
    ],
    ['with an empty size that overflows', dict("'<f4'", 'False', '(0, 9007199254740993)'), /out of range/],
  ])('%s', async (_, content, message) => {
    const path = written(content)
    await expect(npy.load(path)).rejects.toThrow(CheckpointError)
    await expect(npy.load(path)).rejects.toThrow(message)
  })

  it('missing', () => expect(npy.load(join(folder, 'none.npy'))).rejects.toThrow(CheckpointError))
})

describe('safetensors', () => {
  it('reads what Python wrote', async () => {
    const path = join(packageRoot, 'test/fixtures/tiny-random/roberta/model/model.safetensors')
    const tensors = await safetensors.load_file(path)
    expect(tensors['embeddings.word_embeddings.weight']?.ndim).toBe(2)
    expect((await safetensors.openFile(path)).metadata).toEqual({ format: 'pt' })
  })

  it('writes and reads back every layout, and names that objects know', async () => {
    const path = join(folder, 'all.safetensors')
    const tensors = {
      half: torch.tensor([1.5, 2.5], { dtype: 'bfloat16' }),
      flags: torch.tensor([[true], [false]]),
      transposed: torch.arange(6).reshape([2, 3]).t(),
      scalar: torch.tensor(2 ** 40),
      empty: torch.empty([0, 3]),
      toString: torch.tensor([1]),
      ['__proto__']: torch.tensor([2]),
    }
    await safetensors.save_file(tensors, path, { metadata: { made: 'here' } })
    const { tensors: back, metadata } = await safetensors.openFile(path)
    expect(metadata).toEqual({ made: 'here' })
    expect(Object.keys(back).sort()).toEqual(Object.keys(tensors).sort())
    for (const [name, tensor] of Object.entries(tensors)) {
      expect(String(back[name])).toBe(String(tensor))
    }
  })

  it('never changes the file through its tensors', async () => {
    const path = join(folder, 'private.safetensors')
    await safetensors.save_file({ x: torch.zeros([4]) }, path)
    const { x } = await safetensors.load_file(path)
    x?.fill_(1)
    expect((await safetensors.load_file(path)).x?.tolist()).toEqual([0, 0, 0, 0])
  })

  it('refuses what is no such file', async () => {
    await expect(safetensors.load_file(written(Buffer.from('no')))).rejects.toThrow(CheckpointError)
    await expect(safetensors.load_file(join(folder, 'none'))).rejects.toThrow(CheckpointError)
  })
})
