/** Reads the goldens of scripts/golden/optim.py. */

import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { expect } from 'vitest'

import { native } from '../../../../lib/torch/native.js'
import type { Tensor } from '../../../../lib/torch/tensor.js'

const folder = fileURLToPath(new URL('../../../fixtures/optim', import.meta.url))

export interface Golden<Case> {
  cases: Case[]
  tensor: (key: string) => Tensor
  keys: string[]
}

export async function readGolden<Case>(name: string): Promise<Golden<Case>> {
  const { tensors, metadata } = await native.loadSafetensors(join(folder, `${name}.safetensors`))
  const byName = new Map(tensors)
  const tensor = (key: string) => {
    const found = byName.get(key)
    if (!found) throw new Error(`${name}.safetensors has no ${key}`)
    return found
  }
  return { cases: JSON.parse(metadata.cases as string), tensor, keys: [...byName.keys()] }
}

/** Makes an object of a class that a golden names. */
export function construct<Result>(namespace: object, name: string, args: unknown[]): Result {
  const Class = Reflect.get(namespace, name) as new (...args: unknown[]) => Result
  return new Class(...args)
}

/** Keys, and the kind and shape of what stands under them, as text; sorted. */
export function shapeOf(value: unknown): unknown {
  if (native.isTensor(value)) return `tensor (${(value as Tensor).shape}) ${(value as Tensor).dtype}`
  if (Array.isArray(value)) return value.map(shapeOf)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([key, item]) => [key, shapeOf(item)]),
  )
}

export function expectRates(actual: readonly number[], expected: readonly number[], what: string): void {
  actual.forEach((rate, i) => {
    // Python's libm and V8's differ in the last bit of cos and pow.
    expect(Math.abs(rate - (expected[i] as number)), what).toBeLessThanOrEqual(1e-15)
  })
}
