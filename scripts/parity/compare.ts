/** Comparison of two sides bit by bit. */

import { torch } from '../../lib/index.js'
import { native } from '../../lib/torch/native.js'
import type { Tensor } from '../../lib/torch/tensor.js'
import type { Results } from './check.js'

/** Whether two tensors have the same dtype, shape and bits; signs of zeros and NaNs count. */
export function sameBits(a: Tensor, b: Tensor): boolean {
  if (a.dtype !== b.dtype || String(a.shape) !== String(b.shape)) return false
  return Buffer.from(native.toBytes(a)).equals(Buffer.from(native.toBytes(b)))
}

/** What is not equal, one line each; empty when every bit is. */
export function differences(ours: Results, python: Results): string[] {
  const lines: string[] = []
  for (const [name, theirs] of python.tensors) {
    const mine = ours.tensors.get(name)
    if (mine === undefined) lines.push(`${name}: Python only`)
    else if (!sameBits(mine, theirs)) lines.push(`${name}: ${describe(mine, theirs)}`)
  }
  for (const name of ours.tensors.keys()) if (!python.tensors.has(name)) lines.push(`${name}: ours only`)
  for (const name of new Set([...Object.keys(ours.facts), ...Object.keys(python.facts)])) {
    const [mine, theirs] = [ours.facts[name], python.facts[name]].map((fact) => JSON.stringify(fact))
    if (mine !== theirs) lines.push(`${name}: ${mine} here, ${theirs} in Python`)
  }
  return lines
}

function describe(mine: Tensor, theirs: Tensor): string {
  const kind = (tensor: Tensor) => `${tensor.dtype} (${tensor.shape})`
  if (kind(mine) !== kind(theirs)) return `${kind(mine)} here, ${kind(theirs)} in Python`
  const gap = mine.to(torch.float64).sub(theirs.to(torch.float64)).abs()
  const unequal = mine.ne(theirs).sum().item()
  return `${unequal} of ${mine.numel()} values differ, by up to ${gap.max().item().toExponential(1)}`
}
