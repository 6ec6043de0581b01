/**
 * Base of classes whose instances are functions, as Python's `__call__` makes them. A class that extends it
 * defines `call` and declares its call signature in an interface of the same name.
 */
export abstract class Callable {
  constructor() {
    const instance = (...args: unknown[]) => (instance as unknown as Callable).call(...args)
    Object.setPrototypeOf(instance, new.target.prototype)
    // A function's own `length` and `name` would hide properties of the class.
    Reflect.deleteProperty(instance, 'length')
    Reflect.deleteProperty(instance, 'name')
    // biome-ignore lint/correctness/noConstructorReturn: the only way to make an instance callable
    return instance as unknown as this
  }

  protected abstract call(...args: unknown[]): unknown
}
