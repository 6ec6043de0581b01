/** What one small operator costs: `a.add(b)` of 2x2 tensors, with the release of its results. */

import { setImmediate } from 'node:timers/promises'

import { torch } from 'robertorch'

import type { Turn } from '../protocol.js'
import type { Case, Worker, WorkOf } from './case.js'

// A turn makes more results than several young generations hold: before that, memory still comes fresh from the system.
const addCase = (name: string, grad: boolean): Case<WorkOf<'add'>> => ({
  name,
  work: { work: 'add', grad, times: 100 },
})

export const operatorCases = [addCase('add 2x2', false), addCase('add 2x2 with autograd', true)]

/** Operations in one block; the Python side has the same. */
const blockSize = 1000

export const add: Worker<WorkOf<'add'>, Turn> = async (_session, { grad, times }) => {
  const a = torch.tensor(
    [
      [1, 2],
      [3, 4],
    ],
    { dtype: torch.float32, requires_grad: grad },
  )
  const b = torch.tensor(
    [
      [5, 6],
      [7, 8],
    ],
    { dtype: torch.float32 },
  )
  const milliseconds: number[] = []
  let sum = a.add(b)
  for (let block = 0; block < times; block++) {
    const started = performance.now()
    for (let i = 0; i < blockSize; i++) sum = a.add(b)
    // Node runs finalizers between two turns of the event loop: without this, releasing would cost nothing.
    await setImmediate()
    milliseconds.push((performance.now() - started) / blockSize)
  }
  return { milliseconds, values: sum.detach().flatten().tolist() as number[] }
}
