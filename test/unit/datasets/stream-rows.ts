// A worker that reads a data set and says what its numbers add up to; workerData: [kind, file, whether it is streamed].

import { parentPort, workerData } from 'node:worker_threads'

import { type IterableDataset, load_dataset } from '../../../lib/datasets/index.js'

const [kind, data_files, streaming]: [string, string, boolean] = workerData
type Numbered = { i: number; text: string }

async function rows(): Promise<Iterable<Numbered> | IterableDataset<Numbered>> {
  if (!streaming) return load_dataset<Numbered>(kind, { data_files, split: 'train' })
  const stream = await load_dataset<Numbered>(kind, { data_files, split: 'train', streaming: true })
  return stream
    .map(({ i, text }) => ({ i: i.map((at) => at + 1), text }), { batched: true, batch_size: 100 })
    .shuffle({ seed: 1, buffer_size: 100 }) as IterableDataset<Numbered>
}

let sum = 0
for await (const { i } of await rows()) sum += i
parentPort?.postMessage(sum)
