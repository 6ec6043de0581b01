/** Thread that counts words and learns merges; `train.ts` is the other end. */
import { parentPort } from 'node:worker_threads'
import { library } from '../huggingface-engine.js'
import { type BpeTrainerOptions, type TrainedBpe, trainBpe } from './bpe-trainer.js'
import { countWords } from './byte-level.js'

/**
 * What the thread is sent: a tokenizer.json whose parts cut texts into words (GPT-2's words without), texts to count, then
 * once the options to train with.
 */
export type WorkerRequest =
  | { definition: string }
  | { texts: readonly string[] }
  | { train: BpeTrainerOptions }

/** What the thread answers: once per request, and progress in between. */
export type WorkerAnswer = { opened: true } | { counted: true } | { size: number } | { trained: TrainedBpe }

/** New tokens between two reports. */
const REPORT_EVERY = 64

const words = new Map<string, number>()
let count: (text: string) => void = (text) => countWords(text, words)

function open(definition: string): void {
  const tokenizer = library().Tokenizer.fromString(definition)
  const normalizer = tokenizer.getNormalizer()
  const preTokenizer = tokenizer.getPreTokenizer()
  count = (text) => {
    const normalized = normalizer?.normalizeString(text) ?? text
    for (const [word] of preTokenizer?.preTokenizeString(normalized) ?? [[normalized]]) {
      words.set(word, (words.get(word) ?? 0) + 1)
    }
  }
}

function answer(request: WorkerRequest): WorkerAnswer {
  if ('definition' in request) {
    open(request.definition)
    return { opened: true }
  }
  if ('texts' in request) {
    for (const text of request.texts) count(text)
    return { counted: true }
  }
  const report = (size: number) => {
    if (size % REPORT_EVERY === 0) parentPort?.postMessage({ size } satisfies WorkerAnswer)
  }
  return { trained: trainBpe(words, request.train, report) }
}

parentPort?.on('message', (request: WorkerRequest) => parentPort?.postMessage(answer(request)))
