/** Namespaces of torch whose functions are operators with a prefix: `torch.linalg.inv` is `aten::linalg_inv`. */

import type { OperatorFunction } from '../../native/addon.js'
import { native } from '../native.js'
import { atenNames } from '../operators.js'

/** Names within the namespace, by the operators' prefix (`linalg_`). */
export const namespaceNames = (prefix: string): string[] =>
  atenNames()
    .filter((name) => name.startsWith(prefix) && !/_(backward|$)/.test(name.slice(prefix.length)))
    .map((name) => name.slice(prefix.length))

/** The namespace as an object; each operator is looked up when first used. */
export function operatorNamespace<T extends object>(prefix: string): T {
  const namespace = {}
  for (const name of namespaceNames(prefix)) {
    Object.defineProperty(namespace, name, {
      configurable: true,
      enumerable: true,
      get() {
        const value: OperatorFunction = native.operatorFunction(`aten::${prefix}${name}`)
        Object.defineProperty(namespace, name, { value, enumerable: true })
        return value
      },
    })
  }
  return namespace as T
}
