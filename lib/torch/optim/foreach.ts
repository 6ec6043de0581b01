/** LibTorch's operators over lists of tensors. On the CPU each is a loop that rounds as the single operator does. */

import { operator } from '../operators.js'
import type { Tensor } from '../tensor.js'

type List = readonly Tensor[]

export const add =
  operator<(a: List, b: List | number, options?: { alpha: number }) => Tensor[]>('aten::_foreach_add')
export const add_ =
  operator<(a: List, b: List | number, options?: { alpha: number }) => void>('aten::_foreach_add_')
export const addcdiv_ =
  operator<(a: List, over: List, under: List, options?: { value: number }) => void>('aten::_foreach_addcdiv_')
export const addcmul =
  operator<(a: List, b: List, c: List, options?: { value: number }) => Tensor[]>('aten::_foreach_addcmul')
export const addcmul_ =
  operator<(a: List, b: List, c: List, options?: { value: number }) => void>('aten::_foreach_addcmul_')
export const abs = operator<(a: List) => Tensor[]>('aten::_foreach_abs')
export const div = operator<(a: List, b: number) => Tensor[]>('aten::_foreach_div')
export const div_ = operator<(a: List, b: List | number) => void>('aten::_foreach_div_')
export const lerp_ = operator<(a: List, end: List, weight: number) => void>('aten::_foreach_lerp_')
export const maximum_ = operator<(a: List, b: List) => void>('aten::_foreach_maximum_')
export const mul = operator<(a: List, b: number) => Tensor[]>('aten::_foreach_mul')
export const mul_ = operator<(a: List, b: List | number) => void>('aten::_foreach_mul_')
export const neg = operator<(a: List) => Tensor[]>('aten::_foreach_neg')
export const reciprocal_ = operator<(a: List) => void>('aten::_foreach_reciprocal_')
export const sqrt = operator<(a: List) => Tensor[]>('aten::_foreach_sqrt')
export const sqrt_ = operator<(a: List) => void>('aten::_foreach_sqrt_')
