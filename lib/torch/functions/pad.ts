/** torch.nn.functional.pad */

import { named, type Rest } from '../nn/arguments.js'
import { aten } from '../nn/aten.js'
import type { Tensor } from '../tensor.js'

export interface PadOptions {
  /** Default 'constant'. */
  mode?: 'constant' | 'reflect' | 'replicate' | 'circular'
  /** What a constant padding is filled with. Default 0. */
  value?: number | null
}

/**
 * torch.nn.functional.pad: pads the last dimensions. `pad` holds two numbers for each, the last dimension first:
 * `[left, right, top, bottom]`; negative ones cut.
 */
export function pad(
  input: Tensor,
  padding: readonly number[],
  ...rest: Rest<PadOptions, ['mode', 'value']>
): Tensor
export function pad(input: Tensor, options: PadOptions & { pad: readonly number[] }): Tensor
export function pad(input: Tensor, ...rest: unknown[]): Tensor {
  const names = ['pad', 'mode', 'value'] as const
  const options = named<PadOptions & { pad: readonly number[] }>('pad()', rest, names)
  return aten.pad(input, options.pad, options.mode ?? 'constant', options.value ?? null)
}
