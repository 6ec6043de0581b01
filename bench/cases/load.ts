/** From nothing to the first logits: the process starts, imports, loads the weights and runs one forward pass. */

import { torch } from 'robertorch'

import type { Turn } from '../protocol.js'
import type { Case, Worker, WorkOf } from './case.js'

export const loadCase: Case<WorkOf<'load'>> = { name: 'load', work: { work: 'load', batch: '1x16' } }

/** Milliseconds of from_pretrained and of the first forward pass. */
export const load: Worker<WorkOf<'load'>, Turn> = async (session, { batch }) => {
  const started = performance.now()
  const model = await session.model()
  const loaded = performance.now()
  const { input_ids, attention_mask } = session.inputs(batch)
  const logits = torch.no_grad(() => model({ input_ids, attention_mask }).logits)
  const values = logits.flatten().tolist() as number[]
  return { milliseconds: [loaded - started, performance.now() - loaded], values }
}
