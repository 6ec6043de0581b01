/** What Python's torch.nn left in test/fixtures/nn, and the comparison with it. */

import { join } from 'node:path'

import { packageRoot } from '../../../../lib/native/paths.js'
import { native } from '../../../../lib/torch/native.js'
import type { Tensor } from '../../../../lib/torch/tensor.js'

export interface LayerFacts {
  printed: string
  state: string[]
  inputs: ({ grad: boolean } | null)[]
  outputs: number
}

const { tensors, metadata } = await native.loadSafetensors(
  join(packageRoot, 'test', 'fixtures', 'nn', 'layers.safetensors'),
)

export const facts = JSON.parse(metadata.facts as string) as Record<string, LayerFacts>
const byName = new Map(tensors)

export function golden(name: string): Tensor {
  const tensor = byName.get(name)
  if (!tensor) throw new Error(`there is no golden '${name}'; run scripts/golden/nn.py`)
  return tensor
}

/** Names below a prefix, without it. */
export const goldenNames = (prefix: string): string[] =>
  [...byName.keys()].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length))

/** Whether shapes are equal and elements differ by at most 1e-6, relative to those above 1. */
export function isClose(ours: Tensor, theirs: Tensor): boolean {
  if (String(ours.shape) !== String(theirs.shape) || ours.dtype !== theirs.dtype) return false
  return Boolean(ours.detach().isclose(theirs, 1e-6, 1e-6, true).all().item())
}
