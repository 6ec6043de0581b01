/** torch.tensordot and torch.cdist: functions whose arguments Python translates before the operator sees them. */

import { ArgumentError } from '../../errors.js'
import { native } from '../native.js'
import { named, type Rest } from '../nn/arguments.js'
import { operator } from '../operators.js'
import { type Tensor, toNumbers } from '../tensor.js'

type Lists = readonly number[]
const contract =
  operator<(a: Tensor, b: Tensor, dimsA: Lists, dimsB: Lists, options: { out?: Tensor }) => Tensor>(
    'aten::tensordot',
  )
const distances = operator<(x1: Tensor, x2: Tensor, p: number, mode: number | null) => Tensor>('aten::cdist')

type Dims = number | readonly [readonly number[], readonly number[]] | Tensor

export interface TensordotOptions {
  /** How many dimensions are contracted (the last of `a` with the first of `b`), or their numbers on both sides. */
  dims?: Dims
  out?: Tensor
}

/** torch.tensordot: the product of `a` and `b`, summed over the dimensions `dims` (default 2). */
export function tensordot(a: Tensor, b: Tensor, ...rest: Rest<TensordotOptions, ['dims', 'out']>): Tensor {
  const { dims = 2, out } = named<TensordotOptions>('tensordot()', rest, ['dims', 'out'])
  const [left, right] = contracted(dims, Math.min(a.dim(), b.dim()))
  return contract(a, b, left, right, out === undefined ? {} : { out })
}

function contracted(dims: Dims, most: number): readonly [readonly number[], readonly number[]] {
  if (native.isTensor(dims)) {
    const tensor = dims as Tensor
    if (tensor.numel() === 1) return contracted(Number(tensor.item()), most)
    if (tensor.shape[0] !== 2) {
      throw new ArgumentError(`tensordot: a tensor of dims has 2 rows, not shape [${tensor.shape}]`)
    }
    return [toNumbers(tensor.select(0, 0)).map(Number), toNumbers(tensor.select(0, 1)).map(Number)]
  }
  if (Array.isArray(dims) && dims.length === 2) return dims as [number[], number[]]
  if (typeof dims !== 'number')
    throw new ArgumentError('tensordot: dims is a number or two lists of dimensions')
  if (!Number.isInteger(dims) || dims < 0 || dims > most) {
    throw new ArgumentError(`tensordot: dims is ${dims}, but the tensors share 0 to ${most} dimensions`)
  }
  const numbers = Array.from({ length: dims }, (_, i) => i)
  return [numbers.map((i) => i - dims), numbers]
}

const computeModes = {
  use_mm_for_euclid_dist_if_necessary: null,
  use_mm_for_euclid_dist: 1,
  donot_use_mm_for_euclid_dist: 2,
}

export interface CdistOptions {
  /** Order of the norm, 0 to Infinity. Default 2. */
  p?: number
  /** Whether Euclidean distances go through a matrix product; by default from 25 rows on. */
  compute_mode?: keyof typeof computeModes
}

/** torch.cdist: distances between all rows of `x1` (…, P, M) and `x2` (…, R, M), as (…, P, R). */
export function cdist(x1: Tensor, x2: Tensor, ...rest: Rest<CdistOptions, ['p', 'compute_mode']>): Tensor {
  const { p = 2, compute_mode = 'use_mm_for_euclid_dist_if_necessary' } = named<CdistOptions>(
    'cdist()',
    rest,
    ['p', 'compute_mode'],
  )
  if (!Object.hasOwn(computeModes, compute_mode)) {
    throw new ArgumentError(`cdist: '${compute_mode}' is no compute_mode`, {
      hint: `it is one of ${Object.keys(computeModes).join(', ')}`,
    })
  }
  return distances(x1, x2, p, computeModes[compute_mode])
}
