import { float32 } from '../../torch/dtype.js'
import { scope } from '../../torch/modes.js'
import type { Tensor } from '../../torch/tensor.js'

/** The values of each row of a batch, in row-major order, whatever the dtype and device: (batch, …). */
export function rowValues(tensor: Tensor): Float32Array[] {
  const values = scope(() => tensor.to({ dtype: float32 }).cpu().toTypedArray()) as Float32Array
  const [rows = 0] = tensor.shape
  const size = values.length / rows
  return Array.from({ length: rows }, (_, row) => values.subarray(row * size, (row + 1) * size))
}
