/** torch.nn.functional: dropout and its siblings. */

import { ArgumentError, ShapeError } from '../../../errors.js'
import type { Tensor } from '../../tensor.js'
import { named, type Rest } from '../arguments.js'
import { aten } from '../aten.js'

export interface DropoutOptions {
  /** Share of elements that become 0; default 0.5. */
  p?: number
  /** Without training nothing is dropped; default true. */
  training?: boolean
  /** Write into the input; default false. */
  inplace?: boolean
}
const names = ['p', 'training', 'inplace'] as const
type Names = typeof names

const dropping =
  (
    name: string,
    make: (input: Tensor, p: number, train: boolean) => Tensor,
    inplace: (input: Tensor, p: number, train: boolean) => Tensor,
    usual = true,
  ) =>
  (input: Tensor, ...rest: Rest<DropoutOptions, Names>): Tensor => {
    const { p = 0.5, training = usual, inplace: write } = named<DropoutOptions>(name, rest, names)
    checkProbability(p)
    return (write ? inplace : make)(input, p, training)
  }

/** Of whole channels; where `dims` are given, the first of them stands for one example without a batch. */
function channels(name: string, dims?: readonly [alone: number, batch: number]) {
  const drop = dropping(name, aten.feature_dropout, (input, p, train) => input.feature_dropout_(p, train))
  return (input: Tensor, ...rest: Rest<DropoutOptions, Names>): Tensor => {
    if (dims === undefined) return drop(input, ...rest)
    const [alone, batch] = dims
    if (input.ndim === batch) return drop(input, ...rest)
    if (input.ndim !== alone) {
      throw new ShapeError(`${name} takes ${alone} or ${batch} dimensions, found ${input.ndim}`)
    }
    return drop(input.unsqueeze(0), ...rest).squeeze(0)
  }
}

/** @throws ArgumentError unless 0 <= p <= 1. */
export function checkProbability(p: number): void {
  if (!(p >= 0 && p <= 1))
    throw new ArgumentError(`dropout probability has to be between 0 and 1, but got ${p}`)
}

/** torch.nn.functional.dropout: zeroes elements with probability `p` and scales the others by 1 / (1 - p). */
export const dropout = dropping('dropout', aten.dropout, (input, p, train) => input.dropout_(p, train))
/** torch.nn.functional.dropout1d: drops whole channels of (N, C, L). */
export const dropout1d = channels('dropout1d', [2, 3])
/** torch.nn.functional.dropout2d: drops whole channels of (N, C, H, W). */
export const dropout2d = channels('dropout2d')
/** torch.nn.functional.dropout3d: drops whole channels of (N, C, D, H, W). */
export const dropout3d = channels('dropout3d', [4, 5])
/** torch.nn.functional.feature_alpha_dropout: drops whole channels, and keeps mean and variance. */
export const feature_alpha_dropout = dropping(
  'feature_alpha_dropout',
  aten.feature_alpha_dropout,
  (input, p, train) => input.feature_alpha_dropout_(p, train),
  false,
)
/** torch.nn.functional.alpha_dropout: keeps mean and variance; for `selu`. */
export const alpha_dropout = dropping('alpha_dropout', aten.alpha_dropout, (input, p, train) =>
  input.alpha_dropout_(p, train),
)
