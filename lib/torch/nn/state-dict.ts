/** Loading a state: which names fit, and the report of those that do not. */

import { CheckpointError } from '../../errors.js'
import { no_grad } from '../modes.js'
import type { Tensor } from '../tensor.js'

/** What a load found amiss. */
export interface IncompatibleKeys {
  missing_keys: string[]
  unexpected_keys: string[]
}

/**
 * Copies tensors into those of the same name. Nothing is written unless all shapes fit.
 *
 * @throws CheckpointError for another shape, and when `strict` for missing or unexpected names.
 */
export function loadState(
  owner: string,
  own: Readonly<Record<string, Tensor>>,
  state: Readonly<Record<string, Tensor>>,
  strict: boolean,
): IncompatibleKeys {
  const missing_keys = Object.keys(own).filter((name) => !Object.hasOwn(state, name))
  const unexpected_keys = Object.keys(state).filter((name) => !Object.hasOwn(own, name))
  if (strict && missing_keys.length + unexpected_keys.length > 0) {
    throw new CheckpointError(
      `the state does not fit ${owner}: missing ${list(missing_keys)}; unexpected ${list(unexpected_keys)}`,
      { hint: 'pass { strict: false } to load what fits' },
    )
  }
  const pairs = Object.entries(own).filter(([name]) => Object.hasOwn(state, name))
  for (const [name, target] of pairs) {
    const source = state[name] as Tensor
    if (String(source.shape) !== String(target.shape)) {
      throw new CheckpointError(
        `${name} has shape (${source.shape}) in the state, (${target.shape}) in the module`,
      )
    }
  }
  no_grad(() => {
    for (const [name, target] of pairs) target.copy_(state[name] as Tensor)
  })
  return { missing_keys, unexpected_keys }
}

const list = (names: readonly string[]) => (names.length === 0 ? 'none' : names.join(', '))
