import { describe, expect, it } from 'vitest'

import { type DType, RobertorchError, torch } from '../../../lib/index.js'

const x = torch.ones([1])
const quint8 = { dtype: { dtypeCode: 13 } as unknown as DType }

describe('what LibTorch would not survive is refused before the call', () => {
  it.each<[string, () => unknown, RegExp]>([
    [
      'zero_ of an mkldnn tensor of bytes',
      () => torch.ones([96]).to('uint8').to_mkldnn().zero_(),
      /layout mkldnn must be float32, is Byte/,
    ],
    [
      'bits of a quantized tensor',
      () => torch.view_copy(torch.quantize_per_tensor(torch.ones([8]), 0.1, 3, quint8), torch.int64),
      /a quantized tensor cannot be seen as another dtype/,
    ],
    [
      'nothing joined into a quantized tensor',
      () => torch.cat([], { out: torch.quantize_per_tensor(torch.ones([1]), 0.1, 3, quint8) }),
      /expected a non-empty list of Tensors/,
    ],
    [
      'native_group_norm without groups',
      () => torch.native_group_norm(torch.ones([1]).to_sparse(), torch.ones([3, 2]), null, 3, 1, 3, 0, 1),
      /the number of groups must be at least 1, is 0/,
    ],
    [
      'quantized_lstm_cell with one state',
      () => torch.quantized_lstm_cell(x, [x], x, x, x, x, x, x, x, x, 1, 1, 0, 0),
      /hx must hold two hidden states, holds 1/,
    ],
    [
      'range with a step that becomes 0',
      () => torch.range(0, 1, 0.5, { dtype: torch.int64 }),
      /the step 0.5\d* becomes 0 for the dtype Long[\s\S]*floating-point dtype/,
    ],
    [
      'range into whole numbers',
      () => torch.range(0, 1, 0.5, { out: torch.zeros([1], { dtype: torch.uint8 }) }),
      /becomes 0 for the dtype Byte/,
    ],
    [
      'a polynomial of a degree without end',
      () => torch.special.legendre_polynomial_p(torch.full([1], 0.5), 2 ** 53),
      /the degree must be at most 2\^24, is 9\.0072e\+15/,
    ],
    [
      'the same by tensor',
      () =>
        torch.special.laguerre_polynomial_l(x.double(), torch.tensor([1, 2 ** 40], { dtype: torch.float64 })),
      /the degree must be at most 2\^24/,
    ],
    [
      'reflection_pad1d of a quantized tensor with out=',
      () => {
        const t = torch.quantize_per_tensor(torch.ones([3, 3]), 0.1, 3, quint8)
        return torch.ops.aten?.reflection_pad1d?.(t, [100, 100], { out: t })
      },
      /a quantized tensor cannot be padded into out=/,
    ],
    [
      'copy of a CSR tensor',
      () => torch.ops.aten?.copy?.(torch.ones([3, 3]).to_sparse_csr(), torch.ones([3, 3])),
      /self must not have the layout SparseCsr/,
    ],
    [
      'an operator without a kernel for mkldnn tensors',
      () => torch.ones([3, 3]).index_copy_(0, torch.arange(3), torch.ones([3, 3]).to_mkldnn()),
      /has no kernel for tensors of the layout mkldnn/,
    ],
    [
      'batch statistics of too few channels',
      () => torch.batch_norm_update_stats(torch.ones([2, 3000, 4]), torch.zeros([1]), torch.zeros([1]), 0.1),
      /running_mean must hold a value for each of the 3000 channels, holds 1/,
    ],
    [
      'the quantization of no elements',
      () =>
        torch.choose_qparams_optimized(
          torch.zeros([3, 0], { dtype: torch.complex64 }).conj().imag(),
          0,
          7,
          0.5,
          7,
        ),
      /numel must be at least 1/,
    ],
    [
      'native_batch_norm of too few channels',
      () => torch.native_batch_norm(torch.ones([2, 3000, 4]), null, x, null, null, true, 0.1, 0.1),
      /bias must hold a value for each of the 3000 channels, holds 1/,
    ],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(RobertorchError)
    expect(call).toThrow(message)
  })

  it('and what it does survive is not', () => {
    expect(torch.range(0, 2, 1, { dtype: torch.int64 }).tolist()).toEqual([0, 1, 2])
    expect(torch.range(0, 1, 0.5).tolist()).toEqual([0, 0.5, 1])
    expect(torch.special.legendre_polynomial_p(torch.tensor([0.5]), 2).item()).toBe(-0.125)
    const opaque = torch.ones([3, 3]).to_mkldnn()
    expect(opaque.relu().reshape([9]).clone().to_dense().tolist()).toEqual(Array(9).fill(1))
    expect(torch.ones([3, 3]).to_sparse_csr().mul(2).clone().to_dense().sum().item()).toBe(18)
    expect(torch.nn.functional.group_norm(torch.ones([1, 2, 2]), 2).shape).toEqual([1, 2, 2])
  })
})
