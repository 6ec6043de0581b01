/** Python's objects while a pickle is read; `plain.ts` turns them into JavaScript's. */

/** A tuple: unlike a list it never changes. */
export class Tuple {
  constructor(readonly items: readonly unknown[]) {}
}

/** An object that gets its state after it was made (Python: `__setstate__`, or its attributes). */
export abstract class Instance {
  /** Takes the state; undefined when it has the wrong form. */
  abstract build(state: unknown): true | undefined
}

/** dict, OrderedDict, Counter. */
export class Dict extends Instance {
  readonly entries = new Map<unknown, unknown>()

  // Attributes of an OrderedDict, such as the `_metadata` of a state dict: versions of module classes.
  build(): true {
    return true
  }
}

/** argparse.Namespace: its attributes. */
export class Namespace extends Instance {
  readonly attributes = new Dict()

  build(state: unknown): true | undefined {
    if (!(state instanceof Dict)) return undefined
    for (const [key, value] of state.entries) this.attributes.entries.set(key, value)
    return true
  }
}

/** What a `storage` of a tensor refers to. */
export class StorageRef {
  /**
   * @param key name of the data in the file
   * @param width bytes of an element as the storage's class says; 0 for bytes without a type
   * @param begin, length bytes of the data that belong to it
   */
  constructor(
    readonly key: string,
    readonly type: StorageType,
    readonly begin: number,
    readonly length: number,
    readonly location: string,
  ) {}
}

/** torch.FloatStorage and its siblings; `dtype` is null for UntypedStorage. */
export class StorageType {
  constructor(
    readonly name: string,
    readonly dtype: import('../../dtype.js').DType | null,
  ) {}
}

/** A name of a module that stands for something that can be called with data, and nothing else. */
export class Callable {
  /**
   * @param call the result, or undefined when the arguments have the wrong form
   * @param isClass whether `cls.__new__(cls, …)` may be asked for too
   */
  constructor(
    readonly name: string,
    readonly call: (args: readonly unknown[]) => unknown,
    readonly isClass = false,
  ) {}
}
