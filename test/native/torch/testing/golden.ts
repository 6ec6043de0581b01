/** What Python's torch.testing left in test/fixtures/torch/testing.json (scripts/golden/testing.py). */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { type DType, type Tensor, torch } from '../../../../lib/index.js'
import { packageRoot } from '../../../../lib/native/paths.js'
import { resolveDType } from '../../../../lib/torch/dtype.js'

type Num = number | string
interface EncodedTensor {
  dtype: string
  shape: number[]
  values: Num[]
  stride: number[]
  layout?: string
}
export type Encoded =
  | EncodedTensor
  | { plain: boolean | null }
  | { int: string }
  | { float: Num }
  | { list: Encoded[] }
  | { map: Record<string, Encoded> }

interface PythonError {
  type: string
  message: string
}

export const golden: {
  compared: { actual: Encoded; expected: Encoded; options: object; error: PythonError | null }[]
  drawn: { dtype: string; shape: number[]; options: object; result: EncodedTensor }[]
  limits: ({ dtype: string } & Record<string, string>)[]
  checked: { name: string; mode: 'slow' | 'fast' | 'second'; error: PythonError | null }[]
} = JSON.parse(readFileSync(join(packageRoot, 'test', 'fixtures', 'torch', 'testing.json'), 'utf8'))

const toNumber = (value: Num): number =>
  typeof value === 'number' ? value : Number(value.replace('inf', 'Infinity'))

function decodeTensor({ dtype, shape, values, stride, layout }: EncodedTensor): Tensor {
  const type = resolveDType(dtype)
  const isComplex = type === torch.complex64 || type === torch.complex128
  const parts = isComplex ? [...shape, 2] : shape
  const carrier = type === torch.complex64 || type.itemsize === 1 ? torch.float32 : torch.float64
  const flat = torch.tensor(values.map(toNumber), { dtype: carrier }).reshape(parts)
  const dense = isComplex ? torch.view_as_complex(flat) : flat.to(type)
  if (layout !== undefined) return dense.to_sparse({ layout })
  const laid = torch.empty_strided(shape, stride, { dtype: type })
  laid.copy_(dense)
  return laid
}

export function decode(value: Encoded): unknown {
  if ('plain' in value) return value.plain
  if ('int' in value) return BigInt(value.int)
  if ('float' in value) return toNumber(value.float)
  if ('list' in value) return value.list.map(decode)
  if ('map' in value) return Object.fromEntries(Object.entries(value.map).map(([k, v]) => [k, decode(v)]))
  return decodeTensor(value)
}

export const decodeAsTensor = (value: EncodedTensor): Tensor => decodeTensor(value)
export const dtypeNamed = (name: string): DType => resolveDType(name)
