/** Functions that take any number of tensors in Python, `block_diag(a, b)`, or one list of them. */

import { ShapeError } from '../../errors.js'
import { named } from '../nn/arguments.js'
import { operator } from '../operators.js'
import type { Tensor } from '../tensor.js'

type Tensors = Tensor[] | [tensors: readonly Tensor[]]

const blockDiagonal = operator<(tensors: Tensor[]) => Tensor>('aten::block_diag')
const cartesianProduct = operator<(tensors: Tensor[]) => Tensor>('aten::cartesian_prod')
const broadcast = operator<(tensors: Tensor[]) => Tensor[]>('aten::broadcast_tensors')
const chain = operator<(matrices: Tensor[]) => Tensor>('aten::chain_matmul')
const grid = operator<(tensors: Tensor[], options: MeshgridOptions) => Tensor[]>('aten::meshgrid')

const listOf = (tensors: Tensors) => (Array.isArray(tensors[0]) ? tensors[0] : tensors) as Tensor[]

/** torch.block_diag: the tensors (of at most 2 dimensions) along the diagonal of a matrix of zeros. */
export const block_diag = (...tensors: Tensors): Tensor => blockDiagonal(listOf(tensors))

/** torch.cartesian_prod: all combinations of elements of 1-d tensors, (rows, number of tensors). */
export const cartesian_prod = (...tensors: Tensors): Tensor => cartesianProduct(listOf(tensors))

/** torch.broadcast_tensors: views of one common shape. */
export const broadcast_tensors = (...tensors: Tensors): Tensor[] => broadcast(listOf(tensors))

/** torch.chain_matmul: the product of matrices in the order that costs least. */
export const chain_matmul = (...matrices: Tensors): Tensor => chain(listOf(matrices))

export interface MeshgridOptions {
  /** 'ij' (default): the first tensor runs along dimension 0; 'xy': along dimension 1. */
  indexing?: 'ij' | 'xy'
}

/** torch.meshgrid: coordinates of a grid from 1-d tensors, one tensor for each. */
export function meshgrid(...tensors: Tensors | [...Tensors, options: MeshgridOptions]): Tensor[]
export function meshgrid(...args: unknown[]): Tensor[] {
  const last = args.at(-1)
  const hasOptions =
    typeof last === 'object' && last !== null && Object.getPrototypeOf(last) === Object.prototype
  const { indexing = 'ij' } = named<MeshgridOptions>('meshgrid()', hasOptions ? [last] : [], [], ['indexing'])
  return grid(listOf((hasOptions ? args.slice(0, -1) : args) as Tensors), { indexing })
}

/** `atleast_1d(a)` is a tensor, `atleast_1d(a, b)` and `atleast_1d([a])` are lists. */
export interface AtLeast {
  (tensor: Tensor): Tensor
  (tensors: readonly Tensor[]): Tensor[]
  (...tensors: Tensor[]): Tensor[]
}

function atLeast(name: string): AtLeast {
  const call = operator<(tensors: unknown) => Tensor | Tensor[]>(name)
  return ((...tensors: unknown[]) => call(tensors.length === 1 ? tensors[0] : tensors)) as AtLeast
}

/** torch.atleast_1d: a 0-d tensor as (1), others as they are. */
export const atleast_1d = atLeast('aten::atleast_1d')
/** torch.atleast_2d */
export const atleast_2d = atLeast('aten::atleast_2d')
/** torch.atleast_3d */
export const atleast_3d = atLeast('aten::atleast_3d')

/**
 * torch.broadcast_shapes: the shape that tensors of these shapes broadcast to.
 *
 * @throws ShapeError when two sizes differ and neither is 1.
 */
export function broadcast_shapes(...shapes: (number | readonly number[])[]): number[] {
  const lists = shapes.map((shape) => (typeof shape === 'number' ? [shape] : shape))
  const length = Math.max(0, ...lists.map((shape) => shape.length))
  const result = new Array<number>(length).fill(1)
  for (const shape of lists) {
    for (const [i, size] of shape.entries()) {
      const at = length - shape.length + i
      if (!Number.isInteger(size) || size < 0) {
        throw new ShapeError(`a shape has sizes of 0 and more, not ${size}`)
      }
      if (size === 1 || size === result[at]) continue
      if (result[at] !== 1) {
        throw new ShapeError(
          `shapes ${lists.map((list) => `[${list}]`).join(' and ')} do not broadcast: ${result[at]} and ${size} meet`,
        )
      }
      result[at] = size
    }
  }
  return result
}
