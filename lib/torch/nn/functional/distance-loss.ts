/** torch.nn.functional: losses over pairs and triplets of vectors or scores. */

import { ArgumentError, ShapeError } from '../../../errors.js'
import type { Tensor } from '../../tensor.js'
import { named } from '../arguments.js'
import { aten } from '../aten.js'
import { type ReductionOption, reduced, reductionCode } from './reduction.js'

export interface MarginOptions extends ReductionOption {
  /** Default 0. */
  margin?: number
}

const margins = (name: string, options: MarginOptions) =>
  named<MarginOptions>(name, [options], [], ['margin', 'reduction'])

/** torch.nn.functional.cosine_embedding_loss: vectors (N, D), targets 1 (alike) or -1 (N). */
export function cosine_embedding_loss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  options: MarginOptions = {},
): Tensor {
  const { margin = 0, reduction } = margins('cosine_embedding_loss', options)
  return aten.cosine_embedding_loss(input1, input2, target, margin, reductionCode(reduction))
}

/** torch.nn.functional.margin_ranking_loss: target 1 where input1 should rank higher, else -1. */
export function margin_ranking_loss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  options: MarginOptions = {},
): Tensor {
  const { margin = 0, reduction } = margins('margin_ranking_loss', options)
  return aten.margin_ranking_loss(input1, input2, target, margin, reductionCode(reduction))
}

/** torch.nn.functional.hinge_embedding_loss: distances, targets 1 (alike) or -1; margin default 1. */
export function hinge_embedding_loss(input: Tensor, target: Tensor, options: MarginOptions = {}): Tensor {
  const { margin = 1, reduction } = margins('hinge_embedding_loss', options)
  return aten.hinge_embedding_loss(input, target, margin, reductionCode(reduction))
}

export interface TripletOptions extends ReductionOption {
  /** Default 1. */
  margin?: number
  /** Order of the distance, default 2. */
  p?: number
  /** Default 1e-6. */
  eps?: number
  /** Take the positive's distance to the negative where that is less. */
  swap?: boolean
}

/** torch.nn.functional.triplet_margin_loss: anchor, positive, negative of (N, D) or (D). */
export function triplet_margin_loss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options: TripletOptions = {},
): Tensor {
  const given = named<TripletOptions>(
    'triplet_margin_loss',
    [options],
    [],
    ['margin', 'p', 'eps', 'swap', 'reduction'],
  )
  const { margin = 1, p = 2, eps = 1e-6, swap = false, reduction } = given
  if (margin <= 0) throw new ArgumentError(`margin must be greater than 0, got ${margin}`)
  return aten.triplet_margin_loss(anchor, positive, negative, margin, p, eps, swap, reductionCode(reduction))
}

export interface TripletDistanceOptions extends ReductionOption {
  /** Default: the Euclidean distance of vectors (N, D). */
  distance_function?: ((a: Tensor, b: Tensor) => Tensor) | null
  /** Default 1. */
  margin?: number
  /** Take the positive's distance to the negative where that is less. */
  swap?: boolean
}
const tripletDistanceNames = ['distance_function', 'margin', 'swap', 'reduction'] as const

/** torch.nn.functional.triplet_margin_with_distance_loss: `triplet_margin_loss` with a distance of one's own. */
export function triplet_margin_with_distance_loss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options: TripletDistanceOptions = {},
): Tensor {
  const name = 'triplet_margin_with_distance_loss'
  const given = named<TripletDistanceOptions>(name, [options], [], tripletDistanceNames)
  const { margin = 1, swap = false, reduction } = given
  const distance = given.distance_function ?? ((a, b) => aten.pairwise_distance(a, b))
  if (margin <= 0) throw new ArgumentError(`margin must be greater than 0, got ${margin}`)
  const dims = [anchor, positive, negative].map(({ ndim }) => ndim)
  if (new Set(dims).size > 1) {
    throw new ShapeError(
      `anchor, positive and negative must have as many dimensions, found ${dims.join(', ')}`,
    )
  }
  const near = distance(anchor, positive)
  const far = distance(anchor, negative)
  const least = swap ? aten.minimum(far, distance(positive, negative)) : far
  return reduced(near.add(margin).sub(least).clamp_min(0), reduction)
}
