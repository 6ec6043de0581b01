/** What stands out in the numbers, said in sentences that are computed from them. */

import { digits, listed, megabytes, percent, times } from './markdown.js'
import type { Results } from './results.js'
import type { Measured } from './rounds.js'

/** From here on a run is called disturbed. */
const disturbedShare = 0.1

/** How often ours goes into theirs: above 1 ours is faster. */
export const ratio = ({ ours, theirs }: Measured): number => theirs.median / ours.median

/** Fewer times than this say nothing about their noise. */
const leastSample = 5

/** Whether a difference is larger than the noise of both sides. */
const matters = (one: Measured) =>
  Math.min(one.ours.count, one.theirs.count) >= leastSample &&
  Math.abs(Math.log(ratio(one))) > one.ours.spread + one.theirs.spread

/** One sentence for each thing that stands out; a warning first when the machine was not quiet. */
export function findings(results: Results): string[] {
  return [
    disturbance(results),
    speed([...results.forward, ...results.training]),
    smallOperators(results.operators),
    memory(results),
    eventLoop(results),
  ].filter((sentence) => sentence !== undefined)
}

function disturbance(results: Results): string | undefined {
  const { load, forward, training, operators, eventLoop } = results
  const shares = [load, ...forward, ...training, ...operators, ...eventLoop].map((part) => part?.others ?? 0)
  const most = Math.max(0, ...shares)
  if (most < disturbedShare) return undefined
  return `**Disturbed run**: other processes took up to ${percent(most)} of the CPU, so these times only show that everything works; run it again on a quiet machine.`
}

function speed(models: readonly Measured[]): string | undefined {
  if (models.length === 0) return undefined
  const name = (one: Measured) => `${one.case.name} (${times(ratio(one))})`
  const faster = models.filter((one) => matters(one) && ratio(one) > 1)
  const slower = models.filter((one) => matters(one) && ratio(one) < 1)
  const same = models.length - faster.length - slower.length
  const parts = [
    faster.length > 0 ? `faster in ${listed(faster.map(name))}` : '',
    slower.length > 0 ? `slower in ${listed(slower.map(name))}` : '',
    same > 0 ? `no different beyond the noise in ${same} of ${models.length} cases` : '',
  ].filter((part) => part !== '')
  const equal = models.filter(({ difference }) => difference === 0).length
  const bits =
    equal === models.length
      ? 'All results of both are equal bit for bit.'
      : `Results are equal bit for bit in ${equal} of ${models.length} cases.`
  return `Beside Transformers, robertorch is ${listed(parts)}. ${bits}`
}

function smallOperators(operators: readonly Measured[]): string | undefined {
  if (operators.length === 0) return undefined
  const parts = operators.map(
    (one) =>
      `${one.case.name} ${digits(one.ours.median * 1000)} µs here, ${digits(one.theirs.median * 1000)} µs in Python`,
  )
  return `A small operator costs: ${parts.join('; ')}.`
}

function memory({ peaks, load }: Results): string | undefined {
  const start = load
    ? `The first logits come after ${digits(load.ours.total.median / 1000)} s here, ${digits(load.theirs.total.median / 1000)} s in Python.`
    : ''
  const ratios = peaks.flatMap(({ after, ours, theirs }) =>
    ours === undefined || theirs === undefined ? [] : [{ after, ours, theirs, part: ours / theirs }],
  )
  const worst = ratios.sort((a, b) => b.part - a.part)[0]
  const peak = worst
    ? `Memory is at most ${times(worst.part)} of Python's (${worst.after}: ${megabytes(worst.ours)} against ${megabytes(worst.theirs)}).`
    : ''
  return [start, peak].filter((sentence) => sentence !== '').join(' ') || undefined
}

function eventLoop({ eventLoop: loops }: Results): string | undefined {
  const by = (how: string) =>
    loops.find(({ case: { work } }) => work.work === 'eventLoop' && work.how === how)
  const [busy, blocked] = [by('forwardAsync'), by('forward')]
  if (!busy || !blocked) return undefined
  return `While \`forwardAsync\` computes, 99 of 100 timers are late by at most ${digits(busy.delays.p99)} ms; \`forward\` holds them for up to ${digits(blocked.delays.max)} ms.`
}
