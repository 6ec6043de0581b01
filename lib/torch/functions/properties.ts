/** What a tensor is, by name: where it lies, how it is laid out, what it takes in memory. */

import { native } from '../native.js'
import type { Tensor } from '../tensor.js'

/** Properties of Tensor that this file gives. */
export interface TensorProperties {
  readonly is_cpu: boolean
  readonly is_cuda: boolean
  readonly is_ipu: boolean
  readonly is_maia: boolean
  /** Whether there is a shape and a dtype but no memory. */
  readonly is_meta: boolean
  readonly is_mps: boolean
  readonly is_mtia: boolean
  readonly is_vulkan: boolean
  readonly is_xla: boolean
  readonly is_xpu: boolean
  /** Whether the layout is `torch.sparse_coo`. */
  readonly is_sparse: boolean
  readonly is_sparse_csr: boolean
  /** Whether the layout is one of oneDNN's own. */
  readonly is_mkldnn: boolean
  readonly is_quantized: boolean
  /** Bytes of an element. */
  readonly itemsize: number
  /** Bytes of all elements, whether or not they lie side by side. */
  readonly nbytes: number
}

const deviceTypes = ['cpu', 'cuda', 'ipu', 'maia', 'meta', 'mps', 'mtia', 'vulkan', 'xla', 'xpu'] as const

// c10::ScalarType of qint8, quint8, qint32, quint4x2, quint2x4: such tensors come from operators alone.
const quantizedCodes = new Set([12, 13, 14, 16, 17])

export const properties: Record<string, (tensor: Tensor) => unknown> = {
  is_sparse: (tensor) => native.layout(tensor) === 'sparse_coo',
  is_sparse_csr: (tensor) => native.layout(tensor) === 'sparse_csr',
  is_mkldnn: (tensor) => native.layout(tensor) === '_mkldnn',
  is_quantized: (tensor) => quantizedCodes.has(native.dtypeCode(tensor)),
  itemsize: (tensor) => tensor.dtype.itemsize,
  nbytes: (tensor) => tensor.numel() * tensor.dtype.itemsize,
}
for (const type of deviceTypes) properties[`is_${type}`] = (tensor) => tensor.device.type === type
