/** torch.typename */

import { native } from '../native.js'
import type { Tensor } from '../tensor.js'

/** torch.typename: what a value is, for messages: 'torch.FloatTensor', 'Linear', 'number'. */
export function typename(obj: unknown): string {
  if (native.isTensor(obj)) return (obj as Tensor).type()
  if (obj === null || (typeof obj !== 'object' && typeof obj !== 'function'))
    return obj === null ? 'null' : typeof obj
  return Object.getPrototypeOf(obj)?.constructor?.name ?? 'object'
}
