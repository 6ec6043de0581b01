/** Where the inputs of a pipeline come from: arrays and other iterables, or asynchronous ones, read ahead a little. */

import { setImmediate } from 'node:timers/promises'

export interface InputSource<Input> {
  /**
   * The next inputs, in their order, at most `limit`. None: with `wait` there are no more; without, there are none
   * that could be had at once. What the iterable throws comes after the inputs before it, from a call with `wait`.
   */
  take(limit: number, wait: boolean): Promise<Input[]>
  /** Lets the iterable know that nothing more is wanted. */
  close(): Promise<void>
}

/** Opens an iterable for reading. */
export const openSource = <Input>(inputs: Iterable<Input> | AsyncIterable<Input>): InputSource<Input> =>
  isAsync(inputs) ? new ReadAhead(inputs) : new Direct(inputs)

const isAsync = <Input>(inputs: Iterable<Input> | AsyncIterable<Input>): inputs is AsyncIterable<Input> =>
  Symbol.asyncIterator in inputs

class Direct<Input> implements InputSource<Input> {
  readonly #iterator: Iterator<Input>
  #isOver = false
  #failure: { error: unknown } | undefined

  constructor(inputs: Iterable<Input>) {
    this.#iterator = inputs[Symbol.iterator]()
  }

  async take(limit: number, wait: boolean): Promise<Input[]> {
    const taken: Input[] = []
    while (!this.#isOver && taken.length < limit) {
      try {
        const { done, value } = this.#iterator.next()
        if (done) this.#isOver = true
        else taken.push(value)
      } catch (error) {
        this.#isOver = true
        this.#failure = { error }
      }
    }
    if (wait && taken.length === 0 && this.#failure) throw this.#failure.error
    return taken
  }

  async close(): Promise<void> {
    if (!this.#isOver) this.#iterator.return?.()
  }
}

/** Inputs that are read before they are asked for: what arrives while the model computes makes the next batch. */
const readAhead = 256

class ReadAhead<Input> implements InputSource<Input> {
  readonly #iterator: AsyncIterator<Input>
  readonly #ready: Input[] = []
  #isReading = false
  #isOver = false
  #isClosed = false
  #failure: { error: unknown } | undefined
  #wakeReader: () => void = () => {}
  #wakeTaker: () => void = () => {}

  constructor(inputs: AsyncIterable<Input>) {
    this.#iterator = inputs[Symbol.asyncIterator]()
  }

  async #read(): Promise<void> {
    this.#isReading = true
    try {
      while (!this.#isClosed) {
        const { done, value } = await this.#iterator.next()
        if (done) break
        this.#ready.push(value)
        this.#wakeTaker()
        if (this.#ready.length >= readAhead && !this.#isClosed) {
          await new Promise<void>((resolve) => {
            this.#wakeReader = resolve
          })
        }
      }
    } catch (error) {
      this.#failure = { error }
    }
    this.#isOver = true
    this.#wakeTaker()
  }

  async take(limit: number, wait: boolean): Promise<Input[]> {
    if (!this.#isReading) void this.#read()
    // An iterable that has inputs at hand gives them before the next turn of the event loop.
    if (this.#ready.length === 0) await setImmediate()
    while (wait && this.#ready.length === 0 && !this.#isOver) {
      await new Promise<void>((resolve) => {
        this.#wakeTaker = resolve
      })
    }
    if (wait && this.#ready.length === 0 && this.#failure) throw this.#failure.error
    const taken = this.#ready.splice(0, limit)
    this.#wakeReader()
    return taken
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#wakeReader()
    // Not awaited: an iterable in the middle of a wait would answer only after it.
    if (!this.#isOver) this.#iterator.return?.()?.catch(() => {})
  }
}
