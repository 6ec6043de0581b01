/** Everything one run found out: what the report is written from. */

import type { Case } from './cases/case.js'
import type { PackageCost } from './package-cost.js'
import type { LoopDelays, ProbeRates } from './protocol.js'
import type { Measured } from './rounds.js'
import type { Summary } from './statistics.js'

/** Start of a process to its first logits. */
export interface LoadTimes {
  /** Until everything is imported. */
  start: Summary
  /** from_pretrained */
  load: Summary
  /** First forward pass. */
  first: Summary
  /** All of it, with the start of the process. */
  total: Summary
}

/** Peak of resident memory in bytes; undefined where the system does not say. */
export interface Peak {
  /** What the process had done by then. */
  after: string
  ours: number | undefined
  theirs: number | undefined
}

export interface LoopResult {
  case: Case
  delays: LoopDelays
  /** Of one repetition. */
  milliseconds: Summary
  others: number | undefined
}

/** Parts are absent when --only left them out. */
export interface Results {
  date: string
  machine: string
  threads: number
  rounds: number
  versions: { ours: Record<string, string>; theirs: Record<string, string> }
  /** One per pair of processes. */
  probes: ProbeRates[]
  load?: { ours: LoadTimes; theirs: LoadTimes; others: number | undefined }
  forward: Measured[]
  training: Measured[]
  operators: Measured[]
  tokenizing: Measured[]
  eventLoop: LoopResult[]
  packageCost?: PackageCost
  peaks: Peak[]
}
