/** How long timers wait while a model computes: by `forwardAsync`, by `forward`, and with nothing to do. */

import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'

import { torch } from 'robertorch'

import type { LoopDelays, Turn } from '../protocol.js'
import type { Session } from '../session.js'
import type { Case, Worker, WorkOf } from './case.js'

const batch = '8x128'
const loopCase = (name: string, how: WorkOf<'eventLoop'>['how']): Case<WorkOf<'eventLoop'>> => ({
  name,
  work: { work: 'eventLoop', how, batch, times: 3 },
})

export const eventLoopCases = [
  loopCase('event loop idle', 'idle'),
  loopCase('event loop async', 'forwardAsync'),
  loopCase('event loop sync', 'forward'),
]

const resolution = 1 // ms between two looks
const idleMilliseconds = 1000
const perMillisecond = 1e6 // the histogram counts nanoseconds

export const eventLoop: Worker<WorkOf<'eventLoop'>, Turn & LoopDelays> = async (session, work) => {
  const once = await makeTurn(session, work)
  const milliseconds: number[] = []
  const histogram = monitorEventLoopDelay({ resolution })
  histogram.enable()
  for (let i = 0; i < work.times; i++) {
    const started = performance.now()
    await once()
    milliseconds.push(performance.now() - started)
    // A blocked loop takes its look at the clock only now.
    await setTimeout(2 * resolution)
  }
  histogram.disable()
  // What is recorded is the time between two looks.
  const beyond = (nanoseconds: number) => Math.max(0, nanoseconds / perMillisecond - resolution)
  return {
    milliseconds,
    values: [],
    p50: beyond(histogram.percentile(50)),
    p99: beyond(histogram.percentile(99)),
    max: beyond(histogram.max),
  }
}

async function makeTurn(
  session: Session,
  { how, batch }: WorkOf<'eventLoop'>,
): Promise<() => Promise<unknown>> {
  if (how === 'idle') return () => setTimeout(idleMilliseconds)
  const model = await session.model()
  const { input_ids, attention_mask } = session.inputs(batch)
  const inputs = { input_ids, attention_mask }
  if (how === 'forward') return async () => torch.no_grad(() => model(inputs))
  return () => {
    // Captured by the call; the promise outlives the mode.
    using _ = torch.no_grad()
    return model.forwardAsync(inputs)
  }
}
