/** Puts LibTorch's operators under their names; each is looked up when first used, so importing stays quick. */

import type { OperatorFunction } from '../native/addon.js'
import { inPlaceFunctions } from './in-place-functions.js'
import { native } from './native.js'

// What begins with a namespace's name is a function of that namespace alone: `torch.linalg.inv`.
const isPublic = (name: string) => !/^(_|linalg_|special_|fft_)/.test(name) && !/_backward(_|$)/.test(name)
// Copying forms of views (`view_copy`) are functions only.
const isCopyOfView = (name: string) => /_copy$/.test(name) && !/^(index|narrow)_copy$/.test(name)

/** Names of aten operators that are functions of `torch`: most in-place forms (`add_`) are methods only, as in Python. */
export const functionNames = (): string[] =>
  atenNames().filter((name) => isPublic(name) && (!name.endsWith('_') || inPlaceFunctions.has(name)))

/** Names of aten operators that are methods of `Tensor`: those whose first parameter is `self`. */
export const methodNames = (): string[] => atenNames().filter((name) => isPublic(name) && !isCopyOfView(name))

let cachedNames: string[] | undefined

/** Names of all operators of LibTorch's own namespace, without `aten::`. */
export function atenNames(): string[] {
  cachedNames ??= native
    .operatorNames()
    .filter((name) => name.startsWith('aten::'))
    .map((name) => name.slice('aten::'.length))
  return cachedNames
}

function defineLazily(target: object, name: string, make: (qualified: string) => OperatorFunction): void {
  if (Object.hasOwn(target, name)) return
  Object.defineProperty(target, name, {
    configurable: true,
    get() {
      const value = make(`aten::${name}`)
      Object.defineProperty(target, name, { value, configurable: true, writable: true })
      return value
    },
  })
}

/** Defines the operators on `target` as functions; names that it already has stay as they are. */
export function defineFunctions(target: object): void {
  for (const name of functionNames()) defineLazily(target, name, native.operatorFunction)
}

/** Defines the operators on a prototype as methods; names that it already has stay as they are. */
export function defineMethods(prototype: object): void {
  for (const name of methodNames()) defineLazily(prototype, name, native.operatorMethod)
}

/** An operator by its qualified name, for code of this package that needs internal ones (`aten::_fused_adamw_`). */
export function operator<F extends OperatorFunction>(name: string): F {
  return native.operatorFunction(name) as F
}
