/** Training step of a sequence classifier: forward with dropout, loss, backward, fused AdamW, gradients forgotten. */

import { realTokens } from '../batches.js'
import { forwardFlops } from '../flops.js'
import type { Turn } from '../protocol.js'
import { timeEach } from '../session.js'
import type { Case, Worker, WorkOf } from './case.js'

// The backward pass costs two forward passes.
const stepsPerForward = 3

const stepCase = (name: string, batch: string): Case<WorkOf<'step'>> => ({
  name,
  work: { work: 'step', batch, times: 1 },
  tokens: realTokens(batch),
  flops: stepsPerForward * forwardFlops(batch),
})

export const trainingCases = [
  stepCase('step 8x128', '8x128'),
  stepCase('step ragged 16x8..128', 'ragged 16x8..128'),
]

export const step: Worker<WorkOf<'step'>, Turn> = async (session, { batch, times }) => {
  const { model, optimizer } = await session.trained()
  const inputs = session.inputs(batch)
  const { milliseconds, results } = timeEach(times, () => {
    const { loss } = model(inputs)
    if (loss === undefined) throw new Error('the model gave no loss for labels')
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()
  })
  return { milliseconds, values: results }
}
