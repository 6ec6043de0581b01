/** Functions of dtypes: operators give them as numbers, Python and this file as dtypes. */

import { type DType, type DTypeLike, dtypeFromCode } from '../dtype.js'
import { operator } from '../operators.js'
import type { Tensor } from '../tensor.js'

type Operand = Tensor | number | bigint | boolean

const resultType = operator<(a: Operand, b: Operand) => number>('aten::result_type')
const promoteTypes = operator<(a: DTypeLike, b: DTypeLike) => number>('aten::promote_types')

/** torch.result_type: the dtype of an arithmetic operation on both. */
export const result_type = (a: Operand, b: Operand): DType => dtypeFromCode(resultType(a, b))

/** torch.promote_types: the smallest dtype that holds the values of both. */
export const promote_types = (type1: DTypeLike, type2: DTypeLike): DType =>
  dtypeFromCode(promoteTypes(type1, type2))
