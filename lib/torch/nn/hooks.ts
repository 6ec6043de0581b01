/** Functions that run before or after a module's forward. */

/** What a registration gives back. */
export interface RemovableHandle {
  /** Takes the hook out again. */
  remove(): void
}

/** Hooks in the order in which they run. */
export class HookList<Hook extends (...args: never[]) => unknown> {
  #hooks: { hook: Hook }[] = []

  register(hook: Hook, prepend = false): RemovableHandle {
    const entry = { hook }
    this.#hooks = prepend ? [entry, ...this.#hooks] : [...this.#hooks, entry]
    return {
      remove: () => {
        this.#hooks = this.#hooks.filter((other) => other !== entry)
      },
    }
  }

  get isEmpty(): boolean {
    return this.#hooks.length === 0
  }

  /** The hooks of this moment: one that is registered or removed while they run does not change the loop. */
  [Symbol.iterator](): Iterator<Hook> {
    return this.#hooks.map(({ hook }) => hook)[Symbol.iterator]()
  }
}
