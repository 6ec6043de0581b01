/** Thread that counts words and learns merges; `train.ts` is the other end. */
import { parentPort } from 'node:worker_threads'
import { type BpeTrainerOptions, type TrainedBpe, trainBpe } from './bpe-trainer.js'
import { countWords } from './byte-level.js'

/** What the thread is sent: texts to count, then once the options to train with. */
export type WorkerRequest = { texts: readonly string[] } | { train: BpeTrainerOptions }

/** What the thread answers: once per request, and progress in between. */
export type WorkerAnswer = { counted: true } | { size: number } | { trained: TrainedBpe }

/** New tokens between two reports. */
const REPORT_EVERY = 64

const words = new Map<string, number>()

function answer(request: WorkerRequest): WorkerAnswer {
  if ('texts' in request) {
    for (const text of request.texts) countWords(text, words)
    return { counted: true }
  }
  const report = (size: number) => {
    if (size % REPORT_EVERY === 0) parentPort?.postMessage({ size } satisfies WorkerAnswer)
  }
  return { trained: trainBpe(words, request.train, report) }
}

parentPort?.on('message', (request: WorkerRequest) => parentPort?.postMessage(answer(request)))
