/** torch.memory: what tensors cost, and which lines made them. */

import { figures, resetPeak, stats } from './figures.js'
import { report } from './report.js'
import { trackAllocations } from './tracking.js'

/** `torch.memory()` counts; its members give the figures by device, peaks, and the report of a leak. */
export const memory = Object.assign(figures, { stats, resetPeak, trackAllocations, report })
