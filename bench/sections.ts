/** The sections of a run. Each has its own pair of processes, so that its peak of memory is its own. */

import { setTimeout } from 'node:timers/promises'

import type { Case } from './cases/case.js'
import { requireSame } from './compare.js'
import { OtherLoad, peakMemory } from './machine.js'
import { Peer, type PeerProgram } from './peer.js'
import type { LoopDelays, PeerArguments, ProbeRates, Turn, Work } from './protocol.js'
import type { LoadTimes, Results } from './results.js'
import { type Measured, measure, type Pair } from './rounds.js'
import { summarize } from './statistics.js'

export interface Setting {
  ours: PeerProgram
  theirs: PeerProgram
  options: PeerArguments
  rounds: number
  /** Says how far the run is. */
  say: (what: string) => void
}

/** Starts both processes, runs the probe before and after the work, and ends both whatever happens. */
async function withPair<T>(setting: Setting, results: Results, work: (pair: Pair) => Promise<T>): Promise<T> {
  const { peer: ours, hello } = await Peer.start(setting.ours, setting.options)
  try {
    const { peer: theirs, hello: other } = await Peer.start(setting.theirs, setting.options)
    try {
      results.versions = { ours: hello.versions, theirs: other.versions }
      const probe = async () => results.probes.push(await theirs.run<ProbeRates>({ work: 'probe' }))
      await probe()
      const value = await work({ ours, theirs })
      await probe()
      return value
    } finally {
      await theirs.close()
    }
  } finally {
    await ours.close()
  }
}

/** Measures cases one after the other and notes the peak of memory after the last. */
export async function measureSection(
  setting: Setting,
  results: Results,
  { cases, after }: { cases: readonly Case[]; after: string },
): Promise<Measured[]> {
  return withPair(setting, results, async (pair) => {
    const measured: Measured[] = []
    for (const one of cases) {
      setting.say(one.name)
      measured.push(await measure(pair, one, setting.rounds))
    }
    results.peaks.push({ after, ours: peakMemory(pair.ours.pid), theirs: peakMemory(pair.theirs.pid) })
    return measured
  })
}

/** Starts fresh processes each round, ours and theirs in turn, and never two at a time. */
export async function measureLoad(setting: Setting, results: Results, work: Work): Promise<void> {
  const ours: number[][] = []
  const theirs: number[][] = []
  const peaks: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] }
  let others = 0
  for (let round = 0; round < setting.rounds; round++) {
    setting.say(`load, round ${round + 1} of ${setting.rounds}`)
    const mine = await loadOnce(setting.ours, setting.options, work)
    const other = await loadOnce(setting.theirs, setting.options, work)
    requireSame('load', mine.values, other.values)
    results.versions = { ours: mine.versions, theirs: other.versions }
    ours.push(mine.milliseconds)
    theirs.push(other.milliseconds)
    if (mine.peak !== undefined) peaks.ours.push(mine.peak)
    if (other.peak !== undefined) peaks.theirs.push(other.peak)
    others = Math.max(others, mine.others ?? 0, other.others ?? 0)
  }
  results.load = { ours: loadTimes(ours), theirs: loadTimes(theirs), others }
  const highest = (values: number[]) => (values.length === 0 ? undefined : Math.max(...values))
  results.peaks.push({ after: 'first logits', ours: highest(peaks.ours), theirs: highest(peaks.theirs) })
}

async function loadOnce(program: PeerProgram, options: PeerArguments, work: Work) {
  const started = performance.now()
  const { peer, hello } = await Peer.start(program, options)
  const imported = performance.now() - started
  try {
    const load = new OtherLoad([peer.pid])
    const { milliseconds, values } = await peer.run<Turn>(work)
    return {
      versions: hello.versions,
      milliseconds: [imported, ...milliseconds, performance.now() - started],
      values,
      peak: peakMemory(peer.pid),
      others: load.share(),
    }
  } finally {
    await peer.close()
  }
}

function loadTimes(rounds: readonly number[][]): LoadTimes {
  const column = (i: number) => summarize(rounds.map((row) => row[i] as number))
  return { start: column(0), load: column(1), first: column(2), total: column(3) }
}

/** The event loop of our process alone: Python has none to compare with. */
export async function measureEventLoop(
  setting: Setting,
  results: Results,
  cases: readonly Case[],
): Promise<void> {
  const { peer, hello } = await Peer.start(setting.ours, setting.options)
  try {
    results.versions.ours = hello.versions
    for (const one of cases) {
      setting.say(one.name)
      // The first turn loads the model and starts threads.
      await peer.run(one.work)
      await setTimeout(100)
      const load = new OtherLoad([peer.pid])
      const { milliseconds, ...delays } = await peer.run<Turn & LoopDelays>(one.work)
      results.eventLoop.push({
        case: one,
        delays,
        milliseconds: summarize(milliseconds),
        others: load.share(),
      })
    }
  } finally {
    await peer.close()
  }
}
