/** torch.nn.functional.grid_sample and affine_grid. */

import { ArgumentError, DTypeError, ShapeError } from '../../errors.js'
import { named, type Rest } from '../nn/arguments.js'
import { operator } from '../operators.js'
import type { Tensor } from '../tensor.js'

const modes = ['bilinear', 'nearest', 'bicubic'] as const
const paddingModes = ['zeros', 'border', 'reflection'] as const

export interface GridSampleOptions {
  mode?: (typeof modes)[number]
  /** What stands outside the input. */
  padding_mode?: (typeof paddingModes)[number]
  /** Whether -1 and 1 are the corner pixels' centres. Default false. */
  align_corners?: boolean | null
}

const sample =
  operator<(input: Tensor, grid: Tensor, mode: number, padding: number, align: boolean) => Tensor>(
    'aten::grid_sampler',
  )
const generate = operator<(theta: Tensor, size: readonly number[], align: boolean) => Tensor>(
  'aten::affine_grid_generator',
)

function position(name: string, value: string, known: readonly string[]): number {
  const found = known.indexOf(value)
  if (found >= 0) return found
  throw new ArgumentError(`grid_sample: '${value}' is no ${name}`, {
    hint: `it is one of ${known.join(', ')}`,
  })
}

/** torch.nn.functional.grid_sample: values of `input` at the positions of `grid` (N, H, W, 2), from -1 to 1. */
export function grid_sample(
  input: Tensor,
  grid: Tensor,
  ...rest: Rest<GridSampleOptions, ['mode', 'padding_mode', 'align_corners']>
): Tensor {
  const names = ['mode', 'padding_mode', 'align_corners'] as const
  const options = named<GridSampleOptions>('grid_sample()', rest, names)
  const mode = position('mode', options.mode ?? 'bilinear', modes)
  const padding = position('padding_mode', options.padding_mode ?? 'zeros', paddingModes)
  return sample(input, grid, mode, padding, options.align_corners ?? false)
}

/** torch.nn.functional.affine_grid: the grid that `theta` (N, 2, 3) or (N, 3, 4) makes for an output of `size`. */
export function affine_grid(
  theta: Tensor,
  size: readonly number[],
  ...rest: Rest<{ align_corners?: boolean | null }, ['align_corners']>
): Tensor {
  const { align_corners } = named<{ align_corners?: boolean | null }>('affine_grid()', rest, [
    'align_corners',
  ])
  if (!theta.is_floating_point())
    throw new DTypeError(`affine_grid takes a floating theta, not ${theta.dtype}`)
  const spatial = size.length - 2
  const [, rows, columns] = theta.shape
  if ((spatial !== 2 && spatial !== 3) || theta.dim() !== 3 || rows !== spatial || columns !== spatial + 1) {
    throw new ShapeError(`affine_grid: theta of shape [${theta.shape}] does not fit the size [${size}]`, {
      hint: 'a size of 4 numbers takes theta (N, 2, 3), one of 5 takes (N, 3, 4)',
    })
  }
  if (Math.min(...size) <= 0) throw new ShapeError(`affine_grid takes sizes from 1 on, not [${size}]`)
  return generate(theta, size, align_corners ?? false)
}
