/**
 * Losses that are functions of `torch` itself. Python's argument parser cannot read their default, `at::Reduction::Mean`,
 * and takes 0, no reduction; `torch.ops.aten` keeps the mean, and `nn.functional` always says which.
 */

import { isOptions } from '../nn/arguments.js'
import { operator } from '../operators.js'

type Call = (...args: unknown[]) => unknown

/** How many arguments stand before `reduction`. */
const places = {
  binary_cross_entropy_with_logits: 4,
  cosine_embedding_loss: 4,
  ctc_loss: 5,
  hinge_embedding_loss: 3,
  kl_div: 2,
  margin_ranking_loss: 4,
  triplet_margin_loss: 7,
}

function unreduced(name: string, place: number): Call {
  const loss = operator<Call>(`aten::${name}`)
  const call = (...args: unknown[]) => {
    const last = args.at(-1)
    const options = isOptions(last) ? last : {}
    const byPosition = isOptions(last) ? args.slice(0, -1) : args
    return loss(...byPosition, byPosition.length > place ? options : { reduction: 0, ...options })
  }
  return Object.defineProperty(call, 'name', { value: name })
}

/** Defines these losses on `target`. */
export function defineUnreduced(target: object): void {
  for (const [name, place] of Object.entries(places)) {
    Object.defineProperty(target, name, { value: unreduced(name, place), configurable: true, writable: true })
  }
}
