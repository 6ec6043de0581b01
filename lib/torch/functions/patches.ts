/** torch.nn.functional.unfold and fold: images as columns of patches, and back. */

import { named, type Rest } from '../nn/arguments.js'
import { operator } from '../operators.js'
import type { Tensor } from '../tensor.js'

type Sizes = number | readonly number[]
type Call = (...args: unknown[]) => Tensor

export interface PatchOptions {
  dilation?: Sizes
  padding?: Sizes
  stride?: Sizes
}

const names = ['dilation', 'padding', 'stride'] as const
const imageToColumns = operator<Call>('aten::im2col')
const columnsToImage = operator<Call>('aten::col2im')

/** torch.nn.functional.unfold: (N, C, H, W) as (N, C · kernel, patches). */
export function unfold(
  input: Tensor,
  kernel_size: Sizes,
  ...rest: Rest<PatchOptions, [...typeof names]>
): Tensor
export function unfold(input: Tensor, ...rest: unknown[]): Tensor {
  type Options = PatchOptions & { kernel_size: Sizes }
  const options = named<Options>('unfold()', rest, ['kernel_size', ...names])
  const { kernel_size, dilation = 1, padding = 0, stride = 1 } = options
  return imageToColumns(input, kernel_size, dilation, padding, stride)
}

/** torch.nn.functional.fold: the inverse of `unfold`; patches that overlap are added. */
export function fold(
  input: Tensor,
  output_size: Sizes,
  kernel_size: Sizes,
  ...rest: Rest<PatchOptions, [...typeof names]>
): Tensor
export function fold(input: Tensor, ...rest: unknown[]): Tensor {
  type Options = PatchOptions & { output_size: Sizes; kernel_size: Sizes }
  const options = named<Options>('fold()', rest, ['output_size', 'kernel_size', ...names])
  const { output_size, kernel_size, dilation = 1, padding = 0, stride = 1 } = options
  return columnsToImage(input, output_size, kernel_size, dilation, padding, stride)
}
