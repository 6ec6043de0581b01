import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { CheckpointError, torch, UnsafeFileError } from '../../../../lib/index.js'
import { described, valuesFolder } from './fixtures.js'
import {
  archive,
  bytesOf,
  call,
  global,
  int,
  oldForm,
  pickle,
  storage,
  tensor,
  text,
  tuple,
  written,
  zipForm,
} from './pickles.js'

const load = (bytes: Buffer) => torch.load(written(bytes))
const floats = (count: number) => Buffer.alloc(count * 4)
const repeated = (part: string, count: number) => Buffer.from(part.repeat(count), 'latin1')
const rebuild = global('torch._utils', '_rebuild_tensor_v2')

describe('a pickle that wants something run', () => {
  it.each<[string, Buffer, RegExp]>([
    [
      'os.system',
      call(global('os', 'system'), text('touch /tmp/owned')),
      /os\.system, which is more than data/,
    ],
    ['posix.system', call(global('posix', 'system'), text('id')), /posix\.system/],
    ['builtins.eval', call(global('builtins', 'eval'), text('1')), /builtins\.eval/],
    ['__builtin__.exec', call(global('__builtin__', 'exec'), text('1')), /builtins\.exec/],
    ['getattr', call(global('builtins', 'getattr'), text('a'), text('b')), /builtins\.getattr/],
    ['torch.load itself', call(global('torch', 'load'), text('x')), /torch\.load/],
    ['a class of another package', global('fairseq.dataclass.configs', 'FairseqConfig'), /FairseqConfig/],
    ['a name of every object', global('torch._utils', '__proto__'), /torch\._utils\.__proto__/],
    ['a module of every object', global('__proto__', 'constructor'), /__proto__\.constructor/],
    ['STACK_GLOBAL', bytesOf(text('os'), text('system'), '\x93'), /os\.system/],
    ['NEWOBJ', bytesOf(global('subprocess', 'Popen'), tuple(text('id')), '\x81'), /subprocess\.Popen/],
    ['a call of text', call(text('print'), text('x')), /calls what cannot be called/],
    ['a call of a dtype', call(global('torch', 'float32')), /calls what cannot be called/],
    ['NEWOBJ of a function', bytesOf(rebuild, ')', '\x81'), /calls what cannot be called/],
  ])('%s', async (_, body, message) => {
    const error = await load(await zipForm(pickle(body))).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(UnsafeFileError)
    expect(error).toBeInstanceOf(CheckpointError)
    expect((error as Error).message).toMatch(message)
    await expect(load(oldForm(pickle(body), pickle(']')))).rejects.toThrow(UnsafeFileError)
  })

  it('says what to do', async () => {
    await expect(load(await zipForm(pickle(global('a', 'B'))))).rejects.toThrow(/hint: .*state_dict\(\)/)
  })
})

describe('a damaged pickle', () => {
  it.each<[string, Buffer, RegExp]>([
    ['no end', Buffer.from('\x80\x02N', 'latin1'), /ends within an item/],
    ['an empty one', Buffer.alloc(0), /ends within an item/],
    ['nothing on the stack', pickle(), /more or less than one object/],
    ['too much on the stack', pickle('NN'), /more or less than one object/],
    ['an open mark', pickle('(N'), /more or less than one object/],
    ['too little on the stack', pickle('\x86'), /more than the stack holds/],
    ['no mark', pickle('t'), /mark that was never set/],
    ['no memo', pickle('h\x05'), /memo has no entry 5/],
    ['a memo of nothing', pickle('q\x05'), /more than the stack holds/],
    ['an unknown instruction', pickle('\xff'), /instruction 0xff is not known/],
    ['an extension', pickle('\x82\x01'), /instruction 0x82/],
    ['a text form of protocol 0', pickle('I1\n'), /instruction 0x49/],
    ['protocol 9', bytesOf('\x80\x09N.'), /protocol 9 is not known/],
    ['text beyond the end', pickle('X\xff\xff\xff\xff'), /4294967295 bytes/],
    ['bytes of 2^63', pickle('\x8e\xff\xff\xff\xff\xff\xff\xff\x7f'), /more than the file has/],
    ['a name without end', pickle('c', repeated('a', 10_000)), /name has no end/],
    ['a whole number of 1000 bytes', pickle('\x8b\xe8\x03\x00\x00', repeated('a', 1000)), /the limit is 255/],
    ['an append to a tuple', pickle(')Na'), /what is no list/],
    ['items of a list', pickle(']NNs'), /what is no dict/],
    ['a key without a value', pickle('}(Nu'), /what is no dict/],
    ['state of a number', pickle('K\x01}b'), /state of an object does not fit/],
    ['another persistent id', pickle(text('x'), 'Q'), /reference to a storage has the wrong form/],
    [
      'a view out of its storage',
      pickle(
        tuple(
          text('storage'),
          global('torch', 'FloatStorage'),
          text('0'),
          text('cpu'),
          int(2),
          tuple(text('1'), int(1), int(2)),
        ),
        'Q',
      ),
      /reference to a storage/,
    ],
    ['a device that is none', pickle(call(global('torch', 'device'), int(3))), /arguments of the wrong form/],
    ['NumPy objects', pickle(call(global('numpy', 'dtype'), text('O8'))), /arguments of the wrong form/],
    ['deep nesting', pickle(repeated(']', 1500), repeated('a', 1499)), /more than 1000 deep/],
    ['a storage alone', pickle(storage(1)), /without its tensor/],
    ['a class alone', pickle(rebuild), /without its tensor/],
  ])('%s', async (_, pkl, message) => {
    const error = await load(await zipForm(pkl, { 0: floats(2) })).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(CheckpointError)
    expect((error as Error).message).toMatch(message)
  })

  it.each<[string, Buffer]>([
    ['values', repeated('N', 3_000_000)],
    ['lists', repeated(']', 1_000_000)],
    ['marks', repeated('(', 1_000_000)],
    ['the same text', bytesOf(text('x'.repeat(1000)), 'q\x00', repeated('h\x00', 3_000_000))],
    ['memo entries', bytesOf('N', repeated('\x94', 2_000_000))],
  ])('that asks for more memory than its size explains: %s', async (_, body) => {
    await expect(load(await zipForm(pickle(body)))).rejects.toThrow(/objects of the file need more than/)
  })

  it('that refers to itself is only a circle', async () => {
    const loaded = (await load(await zipForm(pickle(']q\x00h\x00a')))) as unknown[]
    expect(loaded[0]).toBe(loaded)
  })

  it('that doubles what it has again and again is small all the same', async () => {
    const levels = Array.from(
      { length: 60 },
      (_, i) => `q${String.fromCharCode(i)}h${String.fromCharCode(i)}\x86`,
    )
    const loaded = (await load(await zipForm(pickle(')', ...levels)))) as unknown[]
    expect(loaded[0]).toBe(loaded[1])
  })

  it('cannot reach the prototype of objects', async () => {
    const body = bytesOf('}', text('__proto__'), '}', text('polluted'), 'K\x01ss')
    expect(described(await load(await zipForm(pickle(body))))).toEqual({
      map: [['__proto__', { polluted: 1 }]],
    })
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })
})

describe('a tensor out of its storage', () => {
  it.each<[string, Buffer, RegExp]>([
    ['too large', tensor(2, 0, [3], [1]), /reaches out of its storage of 2 elements/],
    ['an offset', tensor(2, 1, [2], [1]), /reaches out of its storage/],
    ['an offset of nothing', tensor(2, 3, [0], [1]), /reaches out of its storage/],
    ['a stride', tensor(2, 0, [2], [2]), /reaches out of its storage/],
    ['a negative stride', tensor(2, 1, [2], [-1]), /arguments of the wrong form/],
    ['a negative size', tensor(2, 0, [-1], [1]), /arguments of the wrong form/],
    ['a negative offset', tensor(2, -1, [1], [1]), /arguments of the wrong form/],
    ['a size that overflows', tensor(2, 0, [2n ** 62n, 2n ** 62n], [0, 0]), /wrong form/],
    ['a product that overflows', tensor(2, 0, [2n ** 50n, 2n ** 50n], [0, 0]), /is too large/],
    ['a reach that overflows', tensor(2, 0, [2n ** 50n], [2n ** 50n]), /reaches out/],
    ['strides of another number', tensor(2, 0, [1, 1], [1]), /wrong form/],
    ['65 dimensions', tensor(2, 0, Array(65).fill(1), Array(65).fill(1)), /wrong form/],
    ['a storage of 2^62 elements', tensor(2n ** 62n, 0, [1], [1]), /reference to a storage/],
    ['a storage larger than its data', tensor(3, 0, [1], [1]), /needs 12 bytes, the file has 8/],
  ])('%s', async (_, body, message) => {
    await expect(load(await zipForm(pickle(body), { 0: floats(2) }))).rejects.toThrow(message)
  })

  it('whole numbers have no gradient', async () => {
    const longs = call(
      rebuild,
      storage(1, '0', 'LongStorage'),
      int(0),
      tuple(int(1)),
      tuple(int(1)),
      '\x88',
      '}',
    )
    await expect(load(await zipForm(pickle(longs), { 0: floats(2) }))).rejects.toThrow(
      /a tensor cannot be made/,
    )
  })

  it('a storage that is not there', async () => {
    await expect(load(await zipForm(pickle(tensor(1, 0, [1], [1]))))).rejects.toThrow(
      /no data for the storage '0'/,
    )
  })

  it('a storage of a device that is not there', async () => {
    const cuda = tuple(text('storage'), global('torch', 'FloatStorage'), text('0'), text('xla:3'), int(1))
    const body = call(rebuild, bytesOf(cuda, 'Q'), int(0), tuple(int(1)), tuple(int(1)), '\x89', '}')
    const bytes = await zipForm(pickle(body), { 0: floats(1) })
    await expect(load(bytes)).rejects.toThrow(/device 'xla:3'[\s\S]*map_location: 'cpu'/)
    await expect(torch.load(written(bytes), { map_location: 'cpu' })).resolves.toBeInstanceOf(torch.Tensor)
  })
})

describe('a hostile archive', () => {
  const none = pickle('N')
  const patched = (bytes: Buffer, from: string, to: string) => {
    const changed = Buffer.from(bytes.toString('latin1').replaceAll(from, to), 'latin1')
    expect(changed.equals(bytes)).toBe(false)
    return changed
  }

  it.each<[string, () => Promise<Buffer>, RegExp]>([
    [
      'compressed',
      () => archive({ 'archive/data.pkl': Buffer.alloc(1 << 20) }, { compress: true }),
      /is compressed/,
    ],
    ['no pickle', () => archive({ 'archive/version': none }), /0 entries/],
    ['two pickles', () => archive({ 'a/data.pkl': none, 'b/data.pkl': none }), /2 entries/],
    ['TorchScript', () => archive({ 'a/data.pkl': none, 'a/constants.pkl': none }), /TorchScript archive/],
    [
      'an odd byte order',
      () => archive({ 'a/data.pkl': none, 'a/byteorder': Buffer.from('middle') }),
      /'middle'/,
    ],
    [
      'a path upwards',
      async () => patched(await archive({ 'aa/data.pkl': none }), 'aa/data.pkl', '../data.pkl'),
      /damaged zip archive/,
    ],
    [
      'an absolute path',
      async () => patched(await archive({ 'a/data.pkl': none }), 'a/data.pkl', '//data.pkl'),
      /damaged zip archive/,
    ],
    [
      'a name twice',
      async () => patched(await archive({ 'a/data.pkl': none, 'b/data.pkl': none }), 'b/data', 'a/data'),
      /two entries of the name/,
    ],
    [
      'entries that overlap',
      async () => {
        const bytes = await archive({ 'a/data.pkl': none, 'a/data/0': floats(2) })
        // The second entry's place in the directory: the header of the first.
        bytes.writeUInt32LE(0, bytes.lastIndexOf('a/data/0') - 4)
        return bytes
      },
      /reaches into the next one/,
    ],
    [
      'a million entries',
      async () => {
        const bytes = await archive({ 'a/data.pkl': none })
        bytes.writeUInt16LE(0xfffe, bytes.length - 12)
        return bytes
      },
      /damaged zip archive/,
    ],
    ['nothing but a beginning', async () => Buffer.from('PK\x03\x04'), /damaged zip archive/],
  ])('%s', async (_, make, message) => {
    const error = await load(await make()).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(CheckpointError)
    expect((error as Error).message).toMatch(message)
  })

  it('an empty file, a folder, an old tar archive', async () => {
    await expect(load(Buffer.alloc(0))).rejects.toThrow(/not written by torch\.save/)
    await expect(torch.load(valuesFolder)).rejects.toThrow(CheckpointError)
    const tar = Buffer.alloc(1024)
    tar.write('storages', 0)
    tar.write('ustar', 257)
    await expect(load(tar)).rejects.toThrow(/tar archive/)
  })
})

describe('a hostile file of the old form', () => {
  const one = pickle(tensor(2, 0, [2], [1]))
  const keys = pickle(']', text('0'), 'a')
  const count = (value: number | bigint): Buffer => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64LE(BigInt(value))
    return bytes
  }

  it('is read when it is in order', async () => {
    expect(described(await load(oldForm(one, keys, bytesOf(count(2), floats(2)))))).toMatchObject({
      tensor: { shape: [2], values: ['0.0', '0.0'] },
    })
  })

  it.each<[string, Buffer, RegExp]>([
    ['another magic number', bytesOf(pickle('\x8a\x0a', Buffer.alloc(10, 1)), one), /magic number/],
    ['another version', oldForm(one, keys, floats(9), 1002), /version 1002/],
    ['keys that are no list', oldForm(one, pickle('}')), /no list/],
    [
      'a key that no tensor has',
      oldForm(one, pickle(']', text('7'), 'a')),
      /storage '7', which no tensor has/,
    ],
    [
      'a key twice',
      oldForm(one, pickle(']', text('0'), 'a', text('0'), 'a'), bytesOf(count(2), floats(9))),
      /which no tensor has/,
    ],
    ['no key', oldForm(one, pickle(']')), /no data for the storage '0'/],
    ['a cut', oldForm(one, keys, bytesOf(count(2), floats(1))), /should hold at least/],
    [
      'another number of elements',
      oldForm(one, keys, bytesOf(count(3), floats(3))),
      /has 12 bytes, .* with 8/,
    ],
    ['a negative number of elements', oldForm(one, keys, bytesOf(count(-1), floats(3))), /has -4 bytes/],
  ])('%s', async (_, bytes, message) => {
    await expect(load(bytes)).rejects.toThrow(message)
    await expect(load(bytes)).rejects.toThrow(CheckpointError)
  })
})

it.each(['zip.pt', 'legacy.pt', 'protocol4.pt'])('is refused wherever it is cut off: %s', async (name) => {
  const whole = readFileSync(join(valuesFolder, name))
  for (let length = 0; length < whole.length; length += 61) {
    await expect(load(Buffer.from(whole.subarray(0, length)))).rejects.toThrow(CheckpointError)
  }
})
