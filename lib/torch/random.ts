/** Random numbers: the same seeds give the same numbers as in Python. */

import { randomBytes } from 'node:crypto'

import type { NativeGenerator } from '../native/addon.js'
import { native } from './native.js'
import type { Tensor } from './tensor.js'

/** torch.Generator on the CPU (mt19937). Pass it as `{ generator }` to random operators. */
export class Generator {
  /** @internal read by the operator bindings */
  readonly handle: NativeGenerator

  constructor(handle: NativeGenerator = native.createGenerator()) {
    this.handle = handle
  }

  /** Sets the seed, any 64-bit integer, and returns the generator. */
  manual_seed(seed: number | bigint): this {
    native.generatorSeed(this.handle, seed)
    return this
  }

  /** Sets a seed that cannot be foreseen and returns it. */
  seed(): bigint {
    const seed = unforeseenSeed()
    this.manual_seed(seed)
    return seed
  }

  initial_seed(): bigint {
    return native.generatorInitialSeed(this.handle)
  }

  /** The whole state as a uint8 tensor of 5,056 elements. */
  get_state(): Tensor {
    return native.generatorGetState(this.handle)
  }

  set_state(state: Tensor): void {
    native.generatorSetState(this.handle, state)
  }
}

/** torch.default_generator: what random operators use when no generator is given. */
export const default_generator = new Generator(native.defaultGenerator())

/** torch.manual_seed: seeds the default generator of every device. */
export function manual_seed(seed: number | bigint): Generator {
  native.manualSeed(seed)
  return default_generator
}

/** torch.seed: seeds the default generator of every device with a number that cannot be foreseen, and returns it. */
export function seed(): bigint {
  const value = unforeseenSeed()
  manual_seed(value)
  return value
}

// 53 bits, as LibTorch: such a seed is exact as a number too.
const unforeseenSeed = (): bigint => randomBytes(8).readBigUInt64LE() >> 11n

/** torch.initial_seed */
export const initial_seed = (): bigint => default_generator.initial_seed()
/** torch.get_rng_state */
export const get_rng_state = (): Tensor => default_generator.get_state()
/** torch.set_rng_state */
export const set_rng_state = (state: Tensor): void => default_generator.set_state(state)
