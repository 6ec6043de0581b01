/** What Python wrote, and its values in the form of scripts/golden/checkpoints.py. */

import { join } from 'node:path'

import { Device, DType, Tensor } from '../../../../lib/index.js'
import { packageRoot } from '../../../../lib/native/paths.js'

export const valuesFolder = join(packageRoot, 'test/fixtures/checkpoints/values')

function tensorValues(tensor: Tensor): string[] {
  const numbers = tensor.dtype.name.startsWith('complex') ? tensor.resolve_conj().view_as_real() : tensor
  const wide = numbers.detach().to(numbers.is_floating_point() ? 'float64' : 'int64')
  return (wide.flatten().tolist() as (number | bigint)[]).map((value) => {
    const text = String(value)
    return wide.is_floating_point() && /^-?\d+$/.test(text) ? `${text}.0` : text
  })
}

/** A loaded value as the golden file has it. */
export function described(value: unknown): unknown {
  if (value instanceof Tensor) {
    return {
      tensor: {
        dtype: value.dtype.name,
        shape: value.shape,
        stride: value.stride(),
        offset: value.storage_offset(),
        requires_grad: value.requires_grad,
        values: tensorValues(value),
      },
    }
  }
  if (value instanceof DType) return { dtype: String(value) }
  if (value instanceof Device) return { device: String(value) }
  if (value instanceof Uint8Array) return { bytes: [...value] }
  if (value instanceof Set) return { set: [...value].sort() }
  if (value instanceof Map) return { map: [...value].map((pair) => pair.map(described)) }
  if (typeof value === 'bigint') return { bigint: String(value) }
  if (value === Number.POSITIVE_INFINITY) return { number: 'Infinity' }
  if (Array.isArray(value)) return value.map(described)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, described(item)]))
  }
  return value
}
