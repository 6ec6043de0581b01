/**
 * An object that can be called, as Python's `__call__` makes them: a function with the class's prototype.
 * Constructors return it: `return callable(new.target, (self, args) => self.forward(...args))`.
 */
export function callable<Self extends object>(
  type: { prototype: object },
  invoke: (self: Self, args: unknown[]) => unknown,
): Self {
  const instance = ((...args: unknown[]) => invoke(instance, args)) as unknown as Self
  Object.setPrototypeOf(instance, type.prototype)
  // A function's own `length` and `name` would hide properties of the class.
  Reflect.deleteProperty(instance, 'length')
  Reflect.deleteProperty(instance, 'name')
  return instance
}
