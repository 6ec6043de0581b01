/** Forward pass of a sequence classifier in evaluation mode, without gradients. */

import { torch } from 'robertorch'

import { realTokens } from '../batches.js'
import { forwardFlops } from '../flops.js'
import type { Turn } from '../protocol.js'
import { timeEach } from '../session.js'
import type { Case, Worker, WorkOf } from './case.js'

const forwardCase = (name: string, batch: string, times: number): Case<WorkOf<'forward'>> => ({
  name,
  work: { work: 'forward', batch, times },
  tokens: realTokens(batch),
  flops: forwardFlops(batch),
})

export const forwardCases = [
  forwardCase('forward 1x16', '1x16', 5),
  forwardCase('forward 1x128', '1x128', 2),
  forwardCase('forward 8x128', '8x128', 1),
  forwardCase('forward ragged 16x8..128', 'ragged 16x8..128', 1),
]

export const forward: Worker<WorkOf<'forward'>, Turn> = async (session, { batch, times }) => {
  const model = await session.model()
  const { input_ids, attention_mask } = session.inputs(batch)
  const { milliseconds, results } = timeEach(times, () =>
    torch.no_grad(() => model({ input_ids, attention_mask }).logits),
  )
  return { milliseconds, values: results.flatMap((logits) => logits.flatten().tolist() as number[]) }
}
