/** The operators as `torch` has them; `torch` itself cannot be imported here, because it imports this folder. */

import type { OperatorFunction } from '../../native/addon.js'
import type { TorchFunctions } from '../generated/torch-functions.js'
import { operator } from '../operators.js'

// Behind the object that keeps what was looked up, so that a second use is a plain property.
const lookup = new Proxy(
  {},
  {
    get(_, name, receiver): OperatorFunction | undefined {
      if (typeof name !== 'string') return undefined
      const value = operator(`aten::${name}`)
      Object.defineProperty(receiver, name, { value })
      return value
    },
  },
)

/** `aten.linear(input, weight, bias)`: every operator that is a function of `torch`. */
export const aten = Object.create(lookup) as TorchFunctions
