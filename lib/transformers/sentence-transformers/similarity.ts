/** How alike vectors are: `sentence_transformers.util`. */

import { ArgumentError, ShapeError } from '../../errors.js'
import { as_tensor } from '../../torch/as-tensor.js'
import { torch } from '../../torch/index.js'
import { functional } from '../../torch/nn/functional/index.js'
import type { Tensor } from '../../torch/tensor.js'

/** One vector, several, or a tensor of either: (features) or (vectors, features). */
export type Embeddings =
  | Tensor
  | Float32Array
  | readonly Float32Array[]
  | readonly number[]
  | readonly number[][]

/** Vectors against vectors: (vectors of a, vectors of b). */
export type ScoreFunction = (a: Tensor, b: Tensor) => Tensor

/**
 * sentence_transformers.util.cos_sim: the cosine of the angle of each vector of `a` with each of `b`.
 *
 * @returns (vectors of a, vectors of b)
 * @throws ShapeError for vectors of different lengths
 */
export function cos_sim(a: Embeddings, b: Embeddings): Tensor {
  return dot_score(normalized(matrix(a, 'a')), normalized(matrix(b, 'b')))
}

/**
 * sentence_transformers.util.dot_score: the dot product of each vector of `a` with each of `b`.
 *
 * @returns (vectors of a, vectors of b)
 * @throws ShapeError for vectors of different lengths
 */
export function dot_score(a: Embeddings, b: Embeddings): Tensor {
  const [left, right] = [matrix(a, 'a'), matrix(b, 'b')]
  if (left.size(1) !== right.size(1)) {
    throw new ShapeError(`vectors of ${left.size(1)} and of ${right.size(1)} numbers cannot be compared`, {
      hint: 'embed both with the same model',
    })
  }
  return left.mm(right.transpose(0, 1))
}

/** sentence_transformers.util.pairwise_cos_sim: of `a[i]` with `b[i]`. @returns (vectors) */
export function pairwise_cos_sim(a: Embeddings, b: Embeddings): Tensor {
  return pairwise_dot_score(normalized(matrix(a, 'a')), normalized(matrix(b, 'b')))
}

/** sentence_transformers.util.pairwise_dot_score: of `a[i]` with `b[i]`. @returns (vectors) */
export function pairwise_dot_score(a: Embeddings, b: Embeddings): Tensor {
  const [left, right] = [matrix(a, 'a'), matrix(b, 'b')]
  if (String(left.shape) !== String(right.shape)) {
    throw new ShapeError(`vectors of the shapes (${left.shape}) and (${right.shape}) are no pairs`)
  }
  return left.mul(right).sum(-1)
}

const normalized = (vectors: Tensor) => functional.normalize(vectors, { p: 2, dim: -1 })

/** (vectors, features); one vector is a row. */
export function matrix(given: Embeddings, name: string): Tensor {
  const tensor = Array.isArray(given) ? rows(given, name) : as_tensor(given as Tensor | Float32Array)
  const vectors = tensor.dim() === 1 ? tensor.unsqueeze(0) : tensor
  if (vectors.dim() === 2) return vectors.dtype.is_floating_point ? vectors : vectors.to(torch.float32)
  throw new ShapeError(`${name} must be (features) or (vectors, features), is (${tensor.shape})`)
}

function rows(given: readonly unknown[], name: string): Tensor {
  if (given.length === 0) throw new ArgumentError(`${name} has no vectors`)
  if (!(given[0] instanceof Float32Array)) return torch.tensor(given as number[][])
  const [{ length }] = given as [Float32Array]
  const values = new Float32Array(given.length * length)
  for (const [i, row] of (given as readonly Float32Array[]).entries()) {
    if (row.length !== length) {
      throw new ShapeError(`${name}[${i}] has ${row.length} numbers, those before it ${length}`)
    }
    values.set(row, i * length)
  }
  return as_tensor(values).view([given.length, length])
}
