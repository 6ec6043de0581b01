/** Interleaved rounds: ours, peer, ours, peer, so that a change of the machine's mood meets both. */

import { setTimeout } from 'node:timers/promises'

import type { Case } from './cases/case.js'
import { requireSame } from './compare.js'
import { OtherLoad } from './machine.js'
import type { Peer } from './peer.js'
import type { Turn } from './protocol.js'
import { type Summary, summarize } from './statistics.js'

/** The two processes of a section. */
export interface Pair {
  ours: Peer
  theirs: Peer
}

/** What was measured of one case. */
export interface Measured {
  case: Case
  ours: Summary
  theirs: Summary
  /** Largest difference of what both computed; 0: equal bits. */
  difference: number
  /** Part of the CPU time that went to other processes. */
  others: number | undefined
}

// A pool of OpenMP threads keeps spinning for a moment after its last region.
const pauseMilliseconds = 30

/** Warms both sides up with one turn each, compares what they computed, then times `rounds` turns of each. */
export async function measure(pair: Pair, one: Case, rounds: number): Promise<Measured> {
  const times = { ours: [] as number[], theirs: [] as number[] }
  const warmUp = await turns(pair, one)
  let difference = requireSame(one.name, warmUp.ours.values, warmUp.theirs.values)
  const load = new OtherLoad([pair.ours.pid, pair.theirs.pid])
  for (let round = 0; round < rounds; round++) {
    const { ours, theirs } = await turns(pair, one)
    times.ours.push(...ours.milliseconds)
    times.theirs.push(...theirs.milliseconds)
    // Also for training, where every step starts from the one before.
    difference = Math.max(difference, requireSame(one.name, ours.values, theirs.values))
  }
  const others = load.share()
  const measured = { ...one, tokens: one.tokens ?? warmUp.ours.tokens }
  return { case: measured, ours: summarize(times.ours), theirs: summarize(times.theirs), difference, others }
}

async function turns({ ours, theirs }: Pair, one: Case): Promise<{ ours: Turn; theirs: Turn }> {
  const mine = await ours.run<Turn>(one.work)
  await setTimeout(pauseMilliseconds)
  const other = await theirs.run<Turn>(one.work)
  await setTimeout(pauseMilliseconds)
  return { ours: mine, theirs: other }
}
