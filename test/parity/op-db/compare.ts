/** Compares results with PyTorch's: exactly for integers, within torch.testing's default tolerances for the rest. */

import { DType, type Tensor, torch } from '../../../lib/index.js'
import type { Decoder } from './decode.js'
import { floatFrom } from './decode.js'
import type { Encoded } from './format.js'

// torch.testing._comparison: rtol and atol by dtype.
const tolerances: Record<string, [number, number]> = {
  float16: [1e-3, 1e-5],
  bfloat16: [1.6e-2, 1e-5],
  float32: [1.3e-6, 1e-5],
  complex64: [1.3e-6, 1e-5],
  float64: [1e-7, 1e-7],
  complex128: [1e-7, 1e-7],
}

/** Null when equal, else why not. `shapesOnly`: for operators whose values are not defined. */
export function difference(
  ours: unknown,
  expected: Encoded,
  decoder: Decoder,
  shapesOnly = false,
): string | null {
  if (Array.isArray(expected)) {
    if (!Array.isArray(ours)) return `a list was expected, not ${kindOf(ours)}`
    if (ours.length !== expected.length) return `${ours.length} results instead of ${expected.length}`
    for (const [i, item] of expected.entries()) {
      const found = difference(ours[i], item, decoder, shapesOnly)
      if (found !== null) return found
    }
    return null
  }
  if (typeof expected === 'object' && expected !== null) {
    if ('tensor' in expected) {
      if (!torch.is_tensor(ours)) return `a tensor was expected, not ${kindOf(ours)}`
      return tensorDifference(ours, decoder.value(expected) as Tensor, shapesOnly)
    }
    if ('dtype' in expected)
      return ours instanceof DType && ours.name === expected.dtype ? null : 'another dtype'
    if ('float' in expected) return numberDifference(ours, floatFrom(expected.float))
    if ('int' in expected) return String(ours) === expected.int ? null : 'another number'
    if ('complex' in expected) {
      const parts = ours as { re?: unknown; im?: unknown } | null
      return (
        numberDifference(parts?.re, expected.complex[0]) ?? numberDifference(parts?.im, expected.complex[1])
      )
    }
    return 'a result of a kind that is not compared'
  }
  if (typeof expected === 'number') return numberDifference(ours, expected)
  return Object.is(ours, expected)
    ? null
    : `another ${expected === null ? 'value than null' : typeof expected}`
}

function numberDifference(ours: unknown, expected: number): string | null {
  if (typeof ours !== 'number') return `a number was expected, not ${kindOf(ours)}`
  if (Object.is(ours, expected) || Math.abs(ours - expected) <= 1e-12 * Math.abs(expected)) return null
  return 'another number'
}

function tensorDifference(ours: Tensor, theirs: Tensor, shapesOnly: boolean): string | null {
  if (ours.dtype !== theirs.dtype) return `${ours.dtype.name} instead of ${theirs.dtype.name}`
  if (String(ours.shape) !== String(theirs.shape)) return 'another shape'
  if (shapesOnly) return null
  const [rtol, atol] = tolerances[ours.dtype.name] ?? [0, 0]
  const equal =
    rtol === 0
      ? torch.equal(ours.detach(), theirs)
      : torch.allclose(ours.detach(), theirs.detach(), { rtol, atol, equal_nan: true })
  return equal ? null : 'other values'
}

function kindOf(value: unknown): string {
  if (torch.is_tensor(value)) return 'a tensor'
  if (Array.isArray(value)) return 'a list'
  return value === null ? 'null' : typeof value
}
