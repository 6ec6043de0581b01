/** All parity checks, in the order of the table. */

import type { Check } from './check.js'
import { forward } from './forward.js'
import { initialWeights } from './initial-weights.js'
import { newHeads } from './new-heads.js'
import { training } from './training.js'

export const checks: readonly Check[] = [forward, initialWeights, newHeads, training]
