/** torch.ops: every registered operator, `torch.ops.aten.add.Tensor(a, b)`, as Python names them. */

import { ArgumentError } from '../errors.js'
import type { OperatorFunction } from '../native/addon.js'
import { native } from './native.js'

type Call = (...args: unknown[]) => unknown

/** One overload of an operator, or, called itself, the overload that fits. */
export type OperatorPacket = Call & { readonly [overload: string]: Call }

/** The operators of one namespace. */
export type OperatorNamespace = { readonly [name: string]: OperatorPacket }

// `then` must stay undefined, or an operator that is returned from an async function would be taken for a promise.
const isName = (key: string | symbol): key is string => typeof key === 'string' && key !== 'then'

function lazily<T extends object>(target: T, make: (name: string) => unknown): T {
  const made = new Map<string, unknown>()
  return new Proxy(target, {
    get(_, key, receiver) {
      if (!isName(key)) return Reflect.get(target, key, receiver)
      if (!made.has(key)) made.set(key, make(key))
      return made.get(key)
    },
  })
}

function packet(qualified: string): OperatorPacket {
  const call = native.operatorFunction(qualified) as unknown as Call
  return lazily(call as OperatorPacket, (overload) => {
    if (overload in Function.prototype) return Reflect.get(call, overload)
    return native.operatorFunction(`${qualified}.${overload}`) as OperatorFunction
  })
}

const namespaces = () => new Set(native.operatorNames().map((name) => name.split('::')[0]))
let known: Set<string | undefined> | undefined

/** torch.ops */
export const ops: { readonly [namespace: string]: OperatorNamespace } = lazily({}, (namespace) => {
  known ??= namespaces()
  if (!known.has(namespace)) {
    throw new ArgumentError(`LibTorch has no operators in the namespace '${namespace}'`)
  }
  return lazily({}, (name) => packet(`${namespace}::${name}`))
})
