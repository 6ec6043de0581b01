/** How the losses of torch.nn.functional become one number. */

import { ArgumentError } from '../../../errors.js'
import type { Tensor } from '../../tensor.js'

/** How the losses of the elements become one number. */
export type Reduction = 'none' | 'mean' | 'sum'
const reductions: readonly string[] = ['none', 'mean', 'sum']

export interface ReductionOption {
  /** Default mean. */
  reduction?: Reduction
}

/** @throws ArgumentError for a reduction that does not exist. */
export function reductionCode(reduction: string = 'mean'): number {
  const code = reductions.indexOf(reduction)
  if (code < 0) throw new ArgumentError(`'${reduction}' is no reduction`, { hint: reductions.join(', ') })
  return code
}

/** The losses of the elements as one number, where the operator itself does not make it. */
export function reduced(loss: Tensor, reduction?: string): Tensor {
  const code = reductionCode(reduction)
  if (code === 0) return loss
  return code === 1 ? loss.mean() : loss.sum()
}
