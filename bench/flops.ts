/** Arithmetic of roberta-base. A multiply-add counts two operations; padding counts none. */

import { lengthsOf } from './batches.js'

const layers = 12
const hidden = 768

/** Operations of one forward pass: projections and feed-forward (24 h² a token), attention (4 h L a token). */
export const forwardFlops = (batch: string): number =>
  lengthsOf(batch).reduce(
    (sum, length) => sum + layers * (24 * hidden ** 2 * length + 4 * hidden * length ** 2),
    0,
  )
