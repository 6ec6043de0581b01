import { callable } from '../../callable.js'

/**
 * Base of classes whose instances are functions. A class that extends it defines `call` and declares its call
 * signature in an interface of the same name.
 */
export abstract class Callable {
  constructor() {
    // biome-ignore lint/correctness/noConstructorReturn: the only way to make an instance callable
    return callable<Callable>(new.target, (self, args) => self.call(...args)) as this
  }

  protected abstract call(...args: unknown[]): unknown
}
