/** Turns of the event loop, so that many small computations on this thread do not hold up everybody else. */

import { setImmediate } from 'node:timers/promises'

const longestTurn = 1 // ms

/** Call `pause` between computations: it lets others run when this turn was long. */
export class Turns {
  #started = performance.now()

  async pause(): Promise<void> {
    if (performance.now() - this.#started < longestTurn) return
    await setImmediate()
    this.#started = performance.now()
  }
}
