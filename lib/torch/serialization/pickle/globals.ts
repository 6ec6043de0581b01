/**
 * The names that a pickle may use: data, and functions that make data of data. It is the list of Python's
 * `torch.load(weights_only=True)`, with NumPy's arrays and argparse.Namespace, which fairseq writes. Nothing outside it
 * is looked up, and nothing of a file is ever run.
 */

import { UnsafeFileError } from '../../../errors.js'
import { Device } from '../../device.js'
import * as dtypes from '../../dtype.js'
import { numpyFunctions } from './numpy.js'
import { tensorFunctions } from './tensors.js'
import { Callable, Dict, Namespace, StorageType, Tuple } from './values.js'

const constants = Object.values(dtypes).filter((value) => value instanceof dtypes.DType)

const itemsOf = (value: unknown): readonly unknown[] | undefined =>
  value instanceof Tuple ? value.items : Array.isArray(value) ? value : undefined

/** Of pairs, or of another dict. */
function dict([source]: readonly unknown[]): Dict | undefined {
  const made = new Dict()
  if (source === undefined) return made
  const pairs = source instanceof Dict ? [...source.entries] : itemsOf(source)?.map(itemsOf)
  for (const pair of pairs ?? [undefined]) {
    if (pair?.length !== 2) return undefined
    made.entries.set(pair[0], pair[1])
  }
  return made
}

function bytes([source]: readonly unknown[]): Uint8Array | undefined {
  if (source === undefined) return new Uint8Array()
  if (source instanceof Uint8Array) return new Uint8Array(source)
  const values = itemsOf(source)
  return values?.every((value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) < 256)
    ? Uint8Array.from(values as number[])
    : undefined
}

/** `codecs.encode(text, 'latin1')`: how protocol 2 writes bytes. */
function encode([text, encoding]: readonly unknown[]): Uint8Array | undefined {
  if (typeof text !== 'string' || !/^latin-?1$/.test(String(encoding))) return undefined
  return new Uint8Array(Buffer.from(text, 'latin1'))
}

function device([type, index]: readonly unknown[]): Device | undefined {
  if (typeof type !== 'string' || !/^[a-z]+(:\d{1,4})?$/.test(type)) return undefined
  if (index !== undefined && index !== null && !(Number.isInteger(index) && Number(index) >= 0))
    return undefined
  return new Device(type, index === undefined || index === null ? undefined : Number(index))
}

const callables: readonly Callable[] = [
  new Callable('collections.OrderedDict', dict, true),
  new Callable('collections.Counter', dict, true),
  new Callable('argparse.Namespace', (args) => (args.length === 0 ? new Namespace() : undefined), true),
  new Callable('torch.Size', ([sizes]) => (sizes instanceof Tuple ? sizes : undefined), true),
  new Callable('torch.device', device),
  new Callable('_codecs.encode', encode),
  new Callable('builtins.bytearray', bytes),
  new Callable('builtins.bytes', bytes),
  ...['builtins.set', 'builtins.frozenset'].map(
    (name) => new Callable(name, ([items]) => new Set(items === undefined ? [] : itemsOf(items))),
  ),
  new Callable('builtins.complex', ([re, im]) =>
    typeof re === 'number' && typeof im === 'number' ? { re, im } : undefined,
  ),
  ...tensorFunctions,
  ...numpyFunctions,
]

const storageTypes = Object.entries({
  Float: dtypes.float32,
  Double: dtypes.float64,
  Half: dtypes.float16,
  BFloat16: dtypes.bfloat16,
  Long: dtypes.int64,
  Int: dtypes.int32,
  Short: dtypes.int16,
  Char: dtypes.int8,
  Byte: dtypes.uint8,
  Bool: dtypes.bool,
  ComplexFloat: dtypes.complex64,
  ComplexDouble: dtypes.complex128,
}).map(([name, dtype]) => new StorageType(`torch.${name}Storage`, dtype))

const untyped = ['torch.storage.UntypedStorage', 'torch.UntypedStorage'].map(
  (name) => new StorageType(name, null),
)

const known = new Map<string, Callable | StorageType | dtypes.DType>([
  ...[...callables, ...storageTypes, ...untyped].map((value) => [value.name, value] as const),
  ...constants.map((dtype) => [`torch.${dtype.name}`, dtype] as const),
])

/** Names of the same things in Python 2 and old versions of PyTorch. */
const moved: Readonly<Record<string, string>> = {
  __builtin__: 'builtins',
  'torch.tensor': 'torch._tensor',
}

/** torch.FloatStorage and the like by their names. */
export const storageTypeOf = (dtype: dtypes.DType): StorageType =>
  storageTypes.find((type) => type.dtype === dtype) ?? (untyped[0] as StorageType)

/** @throws UnsafeFileError for a name that is not on the list. */
export function lookUp(module: string, name: string, path: string): Callable | StorageType | dtypes.DType {
  const full = `${Object.hasOwn(moved, module) ? moved[module] : module}.${name}`
  const found = known.get(full)
  if (found) return found
  throw new UnsafeFileError(
    `${path} holds the Python object ${full.slice(0, 200)}, which is more than data: it was not made, and nothing was run`,
    {
      hint:
        'if you trust the file, load it in Python and save what you need of it as plain tensors: ' +
        "torch.save(model.state_dict(), 'pytorch_model.bin')",
    },
  )
}
