import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, truncateSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { expect, it } from 'vitest'

import { CheckpointError, safetensors, torch } from '../../../lib/index.js'
import { native } from '../../../lib/torch/native.js'
import { safetensorsBytes, temporaryFolder, writeSafetensors } from './safetensors-file.js'

const entry = (fields: object) => ({ dtype: 'U8', shape: [2], data_offsets: [0, 2], ...fields })
const text = (header: object) => JSON.stringify(header)
const file = (header: string | Buffer, dataBytes = 2, length?: bigint) =>
  safetensorsBytes(header, dataBytes, length)
const one = (fields: object, dataBytes = 2) => file(text({ a: entry(fields) }), dataBytes)

it.each<[string, Buffer, RegExp]>([
  ['an empty file', Buffer.alloc(0), /at least 8 bytes, this one 0/],
  ['seven bytes', Buffer.alloc(7), /at least 8 bytes, this one 7/],
  ['a header over 100 MB', file('{}', 0, 100_000_001n), /claims 100000001 bytes, the limit is 100000000/],
  ['a header of 2^64 - 1', file('{}', 0, 2n ** 64n - 1n), /claims 18446744073709551615 bytes/],
  ['a header beyond the file', file('{}', 0, 90n), /claims 90 bytes, the file has 2 more[\s\S]*cut off/],
  ['another format', Buffer.from('PK\x03\x04 and so on, a zip file'), /claims .* bytes, the limit/],
  ["a header that is not '{'", file('[]', 0), /must begin with '\{'/],
  ['white space first', file(' {}', 0), /must begin with '\{'/],
  [
    'a key twice',
    file(
      '{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"a":{"dtype":"U8","shape":[0],"data_offsets":[2,2]}}',
    ),
    /the key 'a' stands twice/,
  ],
  [
    'overlap',
    file(text({ a: entry({}), b: entry({ data_offsets: [1, 3] }) }), 3),
    /'b' begins at 1, expected 2/,
  ],
  [
    'a hole',
    file(text({ a: entry({}), b: entry({ data_offsets: [3, 5] }) }), 5),
    /'b' begins at 3, expected 2/,
  ],
  ['data before the first tensor', one({ data_offsets: [1, 3] }, 3), /'a' begins at 1, expected 0/],
  ['bytes behind the last', one({}, 3), /1 bytes at the end of the file belong to no tensor/],
  ['data beyond the file', one({}, 1), /'a' lies at 0\.\.2, the file holds 1 bytes of data[\s\S]*cut off/],
  ['an end before the begin', one({ data_offsets: [2, 0] }), /'a' lies at 2\.\.0/],
  ['a shape that needs more', one({ shape: [3] }), /'a' needs 3 bytes for its shape and dtype, has 2/],
  ['a shape that overflows', one({ dtype: 'F32', shape: [2 ** 32, 2 ** 32] }), /overflows 64 bits/],
  [
    'a dimension of 2^63',
    file('{"a":{"dtype":"U8","shape":[9223372036854775808],"data_offsets":[0,2]}}'),
    /above 2\^63 - 1/,
  ],
  ['an unknown dtype', one({ dtype: 'F4' }), /unknown dtype 'F4'[\s\S]*known are F64/],
  ['a negative offset', one({ data_offsets: [-1, 1] }), /non-negative integer/],
  ['a fraction as offset', one({ data_offsets: [0, 1.5] }), /fraction or exponent/],
  [
    'an exponent as size',
    file('{"a":{"dtype":"U8","shape":[2e0],"data_offsets":[0,2]}}'),
    /fraction or exponent/,
  ],
  ['three offsets', one({ data_offsets: [0, 1, 2] }), /must hold two numbers/],
  ['no shape', one({ shape: undefined }), /tensor 'a' has no 'shape'/],
  ['no dtype', one({ dtype: undefined }), /tensor 'a' has no 'dtype'/],
  ['no offsets', one({ data_offsets: undefined }), /tensor 'a' has no 'data_offsets'/],
  ['what is no UTF-8', file(Buffer.from('7b22ff223a7b7d7d', 'hex'), 0), /not valid UTF-8/],
  ['a lone surrogate', file('{"\\ud800":{}}', 0), /lone surrogate/],
  ['deep nesting', file(`{"a":{"x":${'['.repeat(100_000)}`, 0), /nested more than 64 deep/],
  ['deep nesting of objects', file(`{"a":${'{"a":'.repeat(100_000)}`, 0), /file|expected|nested/],
  ['metadata that are no strings', file('{"__metadata__":{"format":1}}', 0), /expected '"'/],
  ['metadata that are no object', file('{"__metadata__":[]}', 0), /expected '\{'/],
  ['a zero byte behind the header', file(Buffer.from('{}\0'), 0), /something follows the closing brace/],
])('refuses %s', async (_, bytes, message) => {
  const path = writeSafetensors(bytes)
  const loading = native.loadSafetensors(path)
  await expect(loading).rejects.toThrow(CheckpointError)
  await expect(loading).rejects.toThrow(message)
  await expect(loading).rejects.toThrow(path)
  expect(() => safetensors.load(bytes)).toThrow(CheckpointError)
  expect(() => safetensors.load(bytes)).toThrow(message)
  expect(torch.ones([2]).sum().item()).toBe(2)
})

it('refuses a folder, a dangling link, a pipe and a device in place of the file', async () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'folder'))
  symlinkSync(join(folder, 'nothing'), join(folder, 'link'))
  execFileSync('mkfifo', [join(folder, 'pipe')])
  const load = (name: string) => expect(native.loadSafetensors(name)).rejects
  await load(join(folder, 'folder')).toThrow(/folder: is not a regular file \(Is a directory\)/)
  await load(join(folder, 'link')).toThrow(/link: cannot be opened \(No such file or directory\)/)
  await load(join(folder, 'pipe')).toThrow(/pipe: is not a regular file/)
  await load('/dev/zero').toThrow(/zero: is not a regular file/)
  await load(join(folder, 'a\0b')).toThrow(CheckpointError)
})

it('loads empty tensors, unless their other dimensions overflow', async () => {
  const empty = (shape: number[]) => file(text({ a: entry({ shape, data_offsets: [0, 0] }) }), 0)
  const { tensors } = await native.loadSafetensors(writeSafetensors(empty([0, 2 ** 31, 2 ** 31])))
  expect(tensors[0]?.[1].shape).toEqual([0, 2 ** 31, 2 ** 31])
  expect(tensors[0]?.[1].tolist()).toEqual([])
  const loading = native.loadSafetensors(writeSafetensors(empty([0, 2 ** 40, 2 ** 40])))
  await expect(loading).rejects.toThrow(CheckpointError)
  await expect(loading).rejects.toThrow(/tensor 'a' cannot be made: .*overflow/)
})

it('loads tensors that are not aligned to their elements', async () => {
  // 23 bytes of header text: the data begin at byte 8 + 23 of the file.
  const header = text({ a: { dtype: 'F64', shape: [1], data_offsets: [0, 8] } })
  const path = writeSafetensors(file(header.padEnd(8 * Math.ceil(header.length / 8) + 3), 8))
  const { tensors } = await native.loadSafetensors(path)
  expect(tensors[0]?.[1].item()).toBe(Buffer.alloc(8, 0x2a).readDoubleLE())
})

it('keeps what is loaded when the file is replaced or deleted', async () => {
  const path = writeSafetensors(one({}))
  const { tensors } = await native.loadSafetensors(path)
  await native.saveSafetensors(path, [['b', torch.zeros([3])]], {})
  expect(tensors[0]?.[1].tolist()).toEqual([42, 42])
  execFileSync('rm', ['-r', dirname(path)])
  expect(tensors[0]?.[1].tolist()).toEqual([42, 42])
})

it('never writes to the file that it loaded', async () => {
  const path = writeSafetensors(one({}))
  const [[, tensor] = []] = (await native.loadSafetensors(path)).tensors
  tensor?.fill_(7)
  expect(tensor?.tolist()).toEqual([7, 7])
  const again = await native.loadSafetensors(path)
  expect(again.tensors[0]?.[1].tolist()).toEqual([42, 42])
})

it('refuses a file that was cut off at any place', async () => {
  const path = writeSafetensors(file(text({ a: entry({}), b: entry({ data_offsets: [2, 4] }) }), 4))
  const size = 8 + text({ a: entry({}), b: entry({ data_offsets: [2, 4] }) }).length + 4
  for (let left = size - 1; left >= 0; left--) {
    truncateSync(path, left)
    await expect(native.loadSafetensors(path)).rejects.toThrow(CheckpointError)
  }
})
