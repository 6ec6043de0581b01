/** Two tensors under torch.testing.assert_close: first what they are, then what they hold. */

import { int64 } from '../dtype.js'
import { promote_types } from '../functions/dtypes.js'
import { pythonBool, pythonTuple } from '../nn/python-repr.js'
import { operator } from '../operators.js'
import type { Tensor } from '../tensor.js'
import type { CompareOptions } from './assert-close.js'
import { Failure, type Path } from './failure.js'
import { scalarMismatch, tensorMismatch } from './mismatch.js'
import { scalarOf } from './scalar.js'
import type { Tolerances } from './tolerances.js'

type Method = (self: Tensor) => Tensor
const method = (name: string) => operator<Method>(`aten::${name}`)
const [crow, col, ccol, row] = ['crow_indices', 'col_indices', 'ccol_indices', 'row_indices']
const compressedFormats: Record<string, [format: string, compressed: string, plain: string]> = {
  'torch.sparse_csr': ['CSR', crow, col],
  'torch.sparse_csc': ['CSC', ccol, row],
  'torch.sparse_bsr': ['BSR', crow, col],
  'torch.sparse_bsc': ['BSC', ccol, row],
} as Record<string, [string, string, string]>

const specified = operator<(self: Tensor) => number>('aten::_nnz')
const sparseDim = operator<(self: Tensor) => number>('aten::sparse_dim')
const isQuantized = (tensor: Tensor) => /^quint|^qint/.test(tensor.dtype.name)

/** @throws Failure */
export function compareTensors(
  actual: Tensor,
  expected: Tensor,
  tolerances: Tolerances,
  options: CompareOptions,
  path: Path,
): void {
  compareAttributes(actual, expected, options, path)
  if (actual.device.type === 'meta' || expected.device.type === 'meta') return
  const [a, b] = equalized(actual, expected)
  new Values(tolerances, options.equal_nan ?? false, path).compare(a, b)
}

function compareAttributes(actual: Tensor, expected: Tensor, options: CompareOptions, path: Path): void {
  const { check_device = true, check_dtype = true, check_layout = true, check_stride = false } = options
  const require = (name: string, ours: string, theirs: string) => {
    if (ours === theirs) return
    throw new Failure(`The values for attribute '${name}' do not match: ${ours} != ${theirs}.`, path)
  }
  const size = (tensor: Tensor) => `torch.Size([${tensor.shape.join(', ')}])`
  require('shape', size(actual), size(expected))
  require('is_quantized', pythonBool(isQuantized(actual)), pythonBool(isQuantized(expected)))
  if (check_layout) require('layout', actual.layout, expected.layout)
  if (check_stride && actual.layout === expected.layout && actual.layout === 'torch.strided') {
    const stride = (tensor: Tensor) => (tensor.ndim === 0 ? '()' : pythonTuple(tensor.stride()))
    require('stride()', stride(actual), stride(expected))
  }
  if (check_device) require('device', String(actual.device), String(expected.device))
  if (check_dtype) require('dtype', String(actual.dtype), String(expected.dtype))
}

/** Both on one device, of one dtype and layout. */
function equalized(actual: Tensor, expected: Tensor): [Tensor, Tensor] {
  let pair: [Tensor, Tensor] = [actual.detach(), expected.detach()]
  if (String(actual.device) !== String(expected.device)) pair = [pair[0].cpu(), pair[1].cpu()]
  if (actual.dtype !== expected.dtype) {
    // Promotion knows no rule for wide unsigned integers.
    const known = ({ dtype }: Tensor) => (/^uint(16|32|64)$/.test(dtype.name) ? int64 : dtype)
    const dtype = promote_types(known(actual), known(expected))
    pair = [pair[0].to(dtype), pair[1].to(dtype)]
  }
  if (actual.layout !== expected.layout) {
    const dense = (tensor: Tensor) => (tensor.layout === 'torch.strided' ? tensor : tensor.to_dense())
    pair = [dense(pair[0]), dense(pair[1])]
  }
  return pair
}

class Values {
  constructor(
    readonly tolerances: Tolerances,
    readonly equalNan: boolean,
    readonly path: Path,
  ) {}

  compare(actual: Tensor, expected: Tensor): void {
    const { rtol, atol } = this.tolerances
    const compressed = compressedFormats[actual.layout]
    const isByteFloat = actual.dtype.is_floating_point && actual.dtype.itemsize === 1
    if (actual.layout === 'torch.sparse_coo') this.#coo(actual, expected)
    else if (compressed) this.#compressed(actual, expected, ...compressed)
    else if (isByteFloat && (rtol !== 0 || atol !== 0)) {
      throw new Failure(
        `Rtol=${rtol} and atol=${atol} are not supported for bitwise comparison of low dimensional floats. Please use rtol=0.0 and atol=0.0.`,
        this.path,
      )
    } else this.#close(actual, expected)
  }

  #coo(actual: Tensor, expected: Tensor): void {
    this.#count('number of sparse dimensions in sparse COO tensors', sparseDim, actual, expected)
    this.#count('number of specified values in sparse COO tensors', specified, actual, expected)
    const [indices, values] = [method('_indices'), method('_values')]
    this.#equal(indices(actual), indices(expected), 'Sparse COO indices')
    this.#close(values(actual), values(expected), 'Sparse COO values')
  }

  #compressed(actual: Tensor, expected: Tensor, format: string, ...names: [string, string]): void {
    this.#count(`number of specified values in sparse ${format} tensors`, specified, actual, expected)
    for (const name of names) {
      const [ours, theirs] = [method(name)(actual), method(name)(expected)]
      const dtype = promote_types(ours.dtype, theirs.dtype)
      this.#equal(ours.to(dtype), theirs.to(dtype), `Sparse ${format} ${name}`)
    }
    this.#close(method('values')(actual), method('values')(expected), `Sparse ${format} values`)
  }

  #count(what: string, count: (tensor: Tensor) => number, actual: Tensor, expected: Tensor): void {
    const [ours, theirs] = [count(actual), count(expected)]
    if (ours !== theirs) throw new Failure(`The ${what} does not match: ${ours} != ${theirs}`, this.path)
  }

  #equal(actual: Tensor, expected: Tensor, identifier: string): void {
    new Values({ rtol: 0, atol: 0 }, false, this.path).#close(actual, expected, identifier)
  }

  #close(actual: Tensor, expected: Tensor, identifier?: string): void {
    const { rtol, atol } = this.tolerances
    const matches = actual.isclose(expected, rtol, atol, this.equalNan)
    if (matches.all().item()) return
    throw new Failure(
      actual.ndim === 0
        ? scalarMismatch(scalarOf(actual), scalarOf(expected), this.tolerances, identifier)
        : tensorMismatch(actual, expected, matches, this.tolerances, identifier),
      this.path,
    )
  }
}
