/** Random tensors as expressions: every layout, dtype and state that a program may hold. */

import type { Random } from './random.js'

const shapes = [
  [],
  [0],
  [1],
  [3],
  [2, 3],
  [3, 3],
  [3, 0],
  [2, 3, 4],
  [1, 1, 1],
  [2, 3, 4, 4],
  [1, 2, 3, 4, 5],
]

export const dtypes = [
  'float32',
  'float64',
  'float16',
  'bfloat16',
  'int64',
  'int32',
  'int16',
  'int8',
  'uint8',
  'bool',
  'complex64',
  'complex128',
]

// Rising values times this: indices that are right, too large and, with a negative factor, too small.
const factors = ['1', '1', '1', '0', '2', '-3', '0.5', '1e9', 'NaN', 'Infinity', '2 ** 53']

/** What is done to half of them. Where it does not fit, the tensor stays as it was. */
const variants: readonly ((x: string) => string)[] = [
  (x) => `${x}.transpose(0, 1)`,
  (x) => `${x}.unsqueeze(0).expand(4, -1, -1)`,
  (x) => `${x}.narrow(0, 1, 1)`,
  (x) => `${x}.as_strided([3, 3], [1, 1])`,
  (x) => `${x}.requires_grad_()`,
  (x) => `${x}.requires_grad_().mul(2)`,
  (x) => `${x}.to_sparse()`,
  (x) => `${x}.to_sparse_csr()`,
  (x) => `${x}.to_sparse_csc()`,
  (x) => `${x}.to_sparse_bsr([1, 1])`,
  (x) => `${x}.to_mkldnn()`,
  // 13 is quint8, 12 qint8: JavaScript has no names for them.
  (x) => `torch.quantize_per_tensor(${x}.to('float32'), 0.1, 3, { dtype: { dtypeCode: 13 } })`,
  (x) =>
    `torch.quantize_per_channel(${x}.to('float32'), torch.ones(3), torch.zeros(3), 1, { dtype: { dtypeCode: 12 } })`,
  (x) => `${x}.conj()`,
  (x) => `${x}.to('complex64').conj().imag()`,
  (x) => `${x}.to('meta')`,
  (x) => `((x) => (x.dispose(), x))(${x})`,
]

/** What the tensors of one call have in common, so that half of them get past the first checks. */
export interface Family {
  shape: number[]
  dtype: string
}

export const familyFrom = ({ pick }: Random): Family => ({ shape: pick(shapes), dtype: pick(dtypes) })

/** A plain tensor, and what may have become of it. */
export function tensorCode(random: Random, family: Family): { plain: string; varied: string } {
  const { pick, oneIn } = random
  const shape = oneIn(2) ? family.shape : pick(shapes)
  const dtype = oneIn(2) ? family.dtype : pick(dtypes)
  const elements = shape.reduce((product, size) => product * size, 1)
  const factor = pick(factors)
  const values = factor === '1' ? '' : `.mul(${factor})`
  const plain = `torch.arange(${elements})${values}.reshape([${shape}]).to('${dtype}')`
  return { plain, varied: oneIn(2) ? pick(variants)(plain) : plain }
}
