/** How much memory a pickle may have made: a few bytes of it can ask for many objects. */

import type { Cursor } from './cursor.js'

/** What V8 takes for each, roughly and never less. */
export const cost = { slot: 16, container: 96, table: 320, text: 40, tensor: 1024 } as const

export class Budget {
  #left: number
  readonly #limit: number

  /** @param fileBytes what the whole file holds, tensors included */
  constructor(fileBytes: number) {
    this.#limit = 2 * fileBytes + 32 * 2 ** 20
    this.#left = this.#limit
  }

  /** @throws CheckpointError when the objects of the file would need more memory than its size explains. */
  take(bytes: number, cursor: Cursor): void {
    this.#left -= bytes
    if (this.#left < 0) {
      cursor.fail(
        `the objects of the file need more than ${this.#limit} bytes`,
        'a checkpoint holds tensors; keep large lists in tensors or in a data file',
      )
    }
  }
}
