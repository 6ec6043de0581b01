/** torch.nn.functional: dropout and its siblings. */

import { ArgumentError } from '../../../errors.js'
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
  ) =>
  (input: Tensor, ...rest: Rest<DropoutOptions, Names>): Tensor => {
    const { p = 0.5, training = true, inplace: write } = named<DropoutOptions>(name, rest, names)
    checkProbability(p)
    return (write ? inplace : make)(input, p, training)
  }

/** @throws ArgumentError unless 0 <= p <= 1. */
export function checkProbability(p: number): void {
  if (!(p >= 0 && p <= 1))
    throw new ArgumentError(`dropout probability has to be between 0 and 1, but got ${p}`)
}

/** torch.nn.functional.dropout: zeroes elements with probability `p` and scales the others by 1 / (1 - p). */
export const dropout = dropping('dropout', aten.dropout, (input, p, train) => input.dropout_(p, train))
/** torch.nn.functional.alpha_dropout: keeps mean and variance; for `selu`. */
export const alpha_dropout = dropping('alpha_dropout', aten.alpha_dropout, (input, p, train) =>
  input.alpha_dropout_(p, train),
)
