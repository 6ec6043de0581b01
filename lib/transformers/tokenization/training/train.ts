import { Worker } from 'node:worker_threads'
import { AbortedError, ArgumentError, TokenizerError } from '../../../errors.js'
import { codeFile } from '../../../native/paths.js'
import { checkText } from '../inputs.js'
import { type BpeTrainerOptions, MAX_VOCAB_SIZE, type TrainedBpe } from './bpe-trainer.js'
import type { WorkerAnswer, WorkerRequest } from './worker.js'

/** State of a training: texts read, then the size that the vocabulary has reached. */
export type TrainingProgress =
  | { readonly phase: 'reading'; readonly texts: number; readonly characters: number }
  | { readonly phase: 'merging'; readonly tokens: number; readonly vocab_size: number }

export interface TrainBpeOptions extends BpeTrainerOptions {
  /** A tokenizer.json whose normalizer and pre-tokenizer make words of texts. Default: GPT-2's words. */
  readonly definition?: string
  /** Put a blank before texts that begin without one, as a tokenizer with `add_prefix_space` does. */
  readonly addPrefixSpace?: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: TrainingProgress) => void
}

/** Texts to train on: one by one, or in batches. */
export type TrainingTexts = Iterable<string | readonly string[]> | AsyncIterable<string | readonly string[]>

/** UTF-16 units that are handed to the thread at once. */
const BATCH_CHARACTERS = 1 << 20
const BYTES = 256

function startWorker(): Worker {
  const file = codeFile('transformers/tokenization/training/worker')
  if (file.endsWith('.js')) return new Worker(file)
  // From source (tests, scripts). Loaders given to the main thread do not reach a worker's first file on Node 20.
  const load = "const load = require('node:module').createRequire(require('node:worker_threads').workerData)"
  return new Worker(`${load}; load('tsx/cjs'); load(require('node:worker_threads').workerData)`, {
    eval: true,
    workerData: file,
    execArgv: [],
  })
}

/** One request at a time to the training thread. */
class TrainingThread implements AsyncDisposable {
  readonly #worker = startWorker()
  readonly #onSize: (size: number) => void
  /** Takes the listener off the caller's signal, which may live much longer. */
  readonly #ended = new AbortController()
  #settle?: { resolve: (answer: WorkerAnswer) => void; reject: (error: Error) => void }

  constructor(onSize: (size: number) => void, signal: AbortSignal | undefined) {
    this.#onSize = onSize
    this.#worker.on('message', (answer: WorkerAnswer) => {
      if ('size' in answer) this.#onSize(answer.size)
      else this.#settle?.resolve(answer)
    })
    this.#worker.on('error', (cause: Error) => {
      this.#settle?.reject(new TokenizerError(`the training thread failed: ${cause.message}`, { cause }))
    })
    const { signal: ended } = this.#ended
    signal?.addEventListener('abort', () => this.#settle?.reject(aborted(signal)), { signal: ended })
  }

  ask(request: WorkerRequest): Promise<WorkerAnswer> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
      this.#worker.postMessage(request)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort()
    await this.#worker.terminate()
  }
}

function aborted(signal: AbortSignal): AbortedError {
  return new AbortedError('the training of the tokenizer was aborted', { cause: signal.reason })
}

async function* batches(texts: TrainingTexts, addPrefixSpace: boolean): AsyncGenerator<string[]> {
  let batch: string[] = []
  let characters = 0
  let index = 0
  for await (const item of texts) {
    for (const text of typeof item === 'string' || !Array.isArray(item) ? [item] : item) {
      const checked = checkText(text, `text ${index++}`)
      const bare = addPrefixSpace && checked !== '' && !checked.startsWith(' ')
      batch.push(bare ? ` ${checked}` : checked)
      characters += checked.length
      if (characters < BATCH_CHARACTERS) continue
      yield batch
      batch = []
      characters = 0
    }
  }
  if (batch.length > 0) yield batch
}

function checkTrainerOptions({ vocabSize, minFrequency, specialTokens, wordPiece }: BpeTrainerOptions): void {
  const first = wordPiece ? 1 : BYTES
  const least = first + specialTokens.length
  if (!Number.isSafeInteger(vocabSize) || vocabSize < least || vocabSize > MAX_VOCAB_SIZE) {
    throw new ArgumentError(
      `vocab_size must be a whole number from ${least} (${wordPiece ? 'a character' : `${BYTES} bytes`} and ${specialTokens.length} special tokens)` +
        ` to ${MAX_VOCAB_SIZE}, got ${vocabSize}`,
    )
  }
  if (!Number.isSafeInteger(minFrequency) || minFrequency < 0) {
    throw new ArgumentError(`min_frequency must be a whole number, 0 or more, got ${minFrequency}`)
  }
}

/**
 * Trains byte-level BPE or WordPiece on a thread of its own. Only word counts are kept of the texts.
 * @throws ArgumentError for options or texts that do not fit, AbortedError
 */
export async function trainBpeFromIterator(
  texts: TrainingTexts,
  options: TrainBpeOptions,
): Promise<TrainedBpe> {
  const { signal, onProgress, vocabSize, minFrequency, specialTokens, wordPiece } = options
  checkTrainerOptions(options)
  if (signal?.aborted) throw aborted(signal)
  const onSize = (tokens: number) => onProgress?.({ phase: 'merging', tokens, vocab_size: vocabSize })
  await using thread = new TrainingThread(onSize, signal)
  if (options.definition !== undefined) await thread.ask({ definition: options.definition })
  let read = 0
  let characters = 0
  for await (const batch of batches(texts, options.addPrefixSpace ?? false)) {
    await thread.ask({ texts: batch })
    if (signal?.aborted) throw aborted(signal)
    read += batch.length
    characters += batch.reduce((size, text) => size + text.length, 0)
    onProgress?.({ phase: 'reading', texts: read, characters })
  }
  if (read === 0) throw new ArgumentError('cannot train a tokenizer: the iterator gave 0 texts')
  const answer = await thread.ask({ train: { vocabSize, minFrequency, specialTokens, wordPiece } })
  if (!('trained' in answer)) throw new TokenizerError('the training thread gave no result')
  onProgress?.({ phase: 'merging', tokens: answer.trained.tokens.length, vocab_size: vocabSize })
  return answer.trained
}
