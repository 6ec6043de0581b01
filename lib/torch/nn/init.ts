/** torch.nn.init: initial values in place, without autograd; the same seeds draw the same numbers as in Python. */

import { ArgumentError, ShapeError } from '../../errors.js'
import { linalg } from '../linalg.js'
import { no_grad } from '../modes.js'
import type { Generator } from '../random.js'
import type { Tensor } from '../tensor.js'
import { named, type Rest } from './arguments.js'
import { aten } from './aten.js'

export { trunc_normal_ } from './trunc-normal.js'

interface Random {
  generator?: Generator | null
}
type FanMode = 'fan_in' | 'fan_out'

/** torch.nn.init.uniform_: from [a, b), default [0, 1). */
export function uniform_(
  tensor: Tensor,
  ...rest: Rest<Random & { a?: number; b?: number }, ['a', 'b', 'generator']>
): Tensor {
  const {
    a = 0,
    b = 1,
    generator,
  } = named<Random & { a?: number; b?: number }>('uniform_', rest, ['a', 'b', 'generator'])
  return no_grad(() => tensor.uniform_(a, b, { generator }))
}

/** torch.nn.init.normal_: default mean 0, standard deviation 1. */
export function normal_(
  tensor: Tensor,
  ...rest: Rest<Random & { mean?: number; std?: number }, ['mean', 'std', 'generator']>
): Tensor {
  const {
    mean = 0,
    std = 1,
    generator,
  } = named<Random & { mean?: number; std?: number }>('normal_', rest, ['mean', 'std', 'generator'])
  return no_grad(() => tensor.normal_(mean, std, { generator }))
}

/** torch.nn.init.constant_ */
export const constant_ = (tensor: Tensor, val: number): Tensor => no_grad(() => tensor.fill_(val))
/** torch.nn.init.ones_ */
export const ones_ = (tensor: Tensor): Tensor => constant_(tensor, 1)
/** torch.nn.init.zeros_ */
export const zeros_ = (tensor: Tensor): Tensor => constant_(tensor, 0)

/** torch.nn.init.eye_: the identity, for a tensor of 2 dimensions. */
export function eye_(tensor: Tensor): Tensor {
  if (tensor.ndim !== 2) throw new ShapeError(`eye_ takes a tensor of 2 dimensions, found ${tensor.ndim}`)
  const [rows, columns] = tensor.shape as [number, number]
  return no_grad(() => tensor.copy_(aten.eye(rows, columns, { dtype: tensor.dtype, device: tensor.device })))
}

/**
 * torch.nn.init.calculate_gain: by how much a nonlinearity wants its weights scaled.
 *
 * @param param the negative slope of `leaky_relu`, default 0.01
 * @throws ArgumentError for a nonlinearity without a known gain.
 */
export function calculate_gain(nonlinearity: string, param?: number | null): number {
  if (/^(linear|conv(_transpose)?[123]d|sigmoid)$/.test(nonlinearity)) return 1
  if (nonlinearity === 'tanh') return 5 / 3
  if (nonlinearity === 'relu') return Math.sqrt(2)
  if (nonlinearity === 'selu') return 3 / 4
  if (nonlinearity === 'leaky_relu') {
    const slope = param ?? 0.01
    return Math.sqrt(2 / (1 + slope * slope))
  }
  throw new ArgumentError(`no gain is known for the nonlinearity '${nonlinearity}'`, {
    hint: 'known are linear, conv1d, sigmoid, tanh, relu, leaky_relu, selu',
  })
}

/** Inputs and outputs of one unit: of a matrix (out, in), or a convolution (out, in, …). */
export function _calculate_fan_in_and_fan_out(tensor: Tensor): [number, number] {
  const [outputs, inputs, ...kernel] = tensor.shape
  if (outputs === undefined || inputs === undefined) {
    throw new ShapeError(`fan in and fan out need at least 2 dimensions, found ${tensor.ndim}`, {
      hint: 'use uniform_ or normal_ for vectors',
    })
  }
  const field = kernel.reduce((product, size) => product * size, 1)
  return [inputs * field, outputs * field]
}

interface XavierOptions extends Random {
  /** Default 1. */
  gain?: number
}

function xavierScale(tensor: Tensor, gain = 1): number {
  const [fanIn, fanOut] = _calculate_fan_in_and_fan_out(tensor)
  return gain * Math.sqrt(2 / (fanIn + fanOut))
}

/** torch.nn.init.xavier_uniform_ */
export function xavier_uniform_(tensor: Tensor, ...rest: Rest<XavierOptions, ['gain', 'generator']>): Tensor {
  const { gain, generator } = named<XavierOptions>('xavier_uniform_', rest, ['gain', 'generator'])
  const bound = Math.sqrt(3) * xavierScale(tensor, gain)
  return uniform_(tensor, -bound, bound, { generator })
}

/** torch.nn.init.xavier_normal_ */
export function xavier_normal_(tensor: Tensor, ...rest: Rest<XavierOptions, ['gain', 'generator']>): Tensor {
  const { gain, generator } = named<XavierOptions>('xavier_normal_', rest, ['gain', 'generator'])
  return normal_(tensor, 0, xavierScale(tensor, gain), { generator })
}

interface KaimingOptions extends Random {
  /** Negative slope of a following `leaky_relu`, default 0. */
  a?: number
  /** What keeps its variance: forward (`fan_in`, default) or backward (`fan_out`). */
  mode?: FanMode
  /** Default `leaky_relu`. */
  nonlinearity?: string
}
const kaimingNames = ['a', 'mode', 'nonlinearity', 'generator'] as const
type KaimingNames = typeof kaimingNames

function kaimingScale(
  tensor: Tensor,
  { a = 0, mode = 'fan_in', nonlinearity = 'leaky_relu' }: KaimingOptions,
) {
  if (mode !== 'fan_in' && mode !== 'fan_out') {
    throw new ArgumentError(`mode '${mode}' is neither 'fan_in' nor 'fan_out'`)
  }
  const [fanIn, fanOut] = _calculate_fan_in_and_fan_out(tensor)
  return calculate_gain(nonlinearity, a) / Math.sqrt(mode === 'fan_in' ? fanIn : fanOut)
}

/** torch.nn.init.kaiming_uniform_ */
export function kaiming_uniform_(tensor: Tensor, ...rest: Rest<KaimingOptions, KaimingNames>): Tensor {
  const options = named<KaimingOptions>('kaiming_uniform_', rest, kaimingNames)
  if (tensor.shape.includes(0)) return tensor
  const bound = Math.sqrt(3) * kaimingScale(tensor, options)
  return uniform_(tensor, -bound, bound, { generator: options.generator })
}

/** torch.nn.init.kaiming_normal_ */
export function kaiming_normal_(tensor: Tensor, ...rest: Rest<KaimingOptions, KaimingNames>): Tensor {
  const options = named<KaimingOptions>('kaiming_normal_', rest, kaimingNames)
  if (tensor.shape.includes(0)) return tensor
  return normal_(tensor, 0, kaimingScale(tensor, options), { generator: options.generator })
}

/** torch.nn.init.orthogonal_: orthogonal rows or columns; dimensions after the first count as one. */
export function orthogonal_(tensor: Tensor, ...rest: Rest<XavierOptions, ['gain', 'generator']>): Tensor {
  const { gain = 1, generator } = named<XavierOptions>('orthogonal_', rest, ['gain', 'generator'])
  if (tensor.ndim < 2) throw new ShapeError(`orthogonal_ takes at least 2 dimensions, found ${tensor.ndim}`)
  if (tensor.numel() === 0) return tensor
  const rows = tensor.size(0)
  const columns = tensor.numel() / rows
  return no_grad(() => {
    const drawn = aten
      .empty([rows, columns], { dtype: tensor.dtype, device: tensor.device })
      .normal_(0, 1, { generator })
    const [q, r] = linalg.qr(rows < columns ? drawn.t() : drawn)
    const uniform = q.mul_(r.diagonal().sign()) // https://arxiv.org/pdf/math-ph/0609050.pdf
    tensor.view([rows, columns]).copy_(rows < columns ? uniform.t() : uniform)
    return tensor.mul_(gain)
  })
}
