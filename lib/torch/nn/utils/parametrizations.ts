/** torch.nn.utils.parametrizations */

import { ArgumentError, IndexError } from '../../../errors.js'
import { no_grad } from '../../modes.js'
import { native } from '../../native.js'
import type { Tensor } from '../../tensor.js'
import { named, type Rest } from '../arguments.js'
import { aten } from '../aten.js'
import { normalize } from '../functional/normalization.js'
import { type AnyModule, Module } from '../module.js'
import { register_parametrization } from './parametrize.js'
import { composeWeight, weightNorms } from './weight-norm.js'

class _WeightNorm extends Module<[g: Tensor, v: Tensor], Tensor> {
  constructor(readonly dim: number) {
    super()
  }

  override forward(g: Tensor, v: Tensor): Tensor {
    return composeWeight(v, g, this.dim)
  }

  right_inverse(weight: Tensor): Tensor[] {
    return [weightNorms(weight, this.dim), weight]
  }
}

/**
 * torch.nn.utils.parametrizations.weight_norm: the parameter's norms over all dimensions but `dim` (null: one norm)
 * become `original0`, its direction `original1`. States of the older `utils.weight_norm` load as well.
 */
export function weight_norm<M extends AnyModule>(module: M, name = 'weight', dim: number | null = 0): M {
  register_parametrization(module, name, new _WeightNorm(dim ?? -1), { unsafe: true })
  module.register_load_state_dict_pre_hook((_, state, prefix) => {
    const [g, v] = [`${prefix}${name}_g`, `${prefix}${name}_v`]
    const [norms, directions] = [state[g], state[v]]
    if (!norms || !directions) return
    delete state[g]
    delete state[v]
    state[`${prefix}parametrizations.${name}.original0`] = norms
    state[`${prefix}parametrizations.${name}.original1`] = directions
  })
  return module
}

class _SpectralNorm extends Module<[weight: Tensor], Tensor> {
  readonly dim: number
  declare _u: Tensor
  declare _v: Tensor

  constructor(
    weight: Tensor,
    readonly n_power_iterations: number,
    dim: number,
    readonly eps: number,
  ) {
    super()
    if (dim >= weight.ndim || dim < -weight.ndim) {
      throw new IndexError(`dim ${dim} is out of range, the tensor has ${weight.ndim} dimensions`)
    }
    if (!(n_power_iterations > 0)) {
      throw new ArgumentError(`n_power_iterations must be positive, got ${n_power_iterations}`)
    }
    this.dim = dim < 0 ? dim + weight.ndim : dim
    if (weight.ndim === 1) return
    const matrix = this.#matrix(weight.detach())
    const draw = (size: number) =>
      aten.empty([size], { dtype: matrix.dtype, device: matrix.device }).normal_(0, 1)
    const [u, v] = matrix.shape.map(draw) as [Tensor, Tensor]
    this.register_buffer('_u', this.#unit(u))
    this.register_buffer('_v', this.#unit(v))
    this.#iterate(matrix, 15)
  }

  #unit(vector: Tensor): Tensor {
    return normalize(vector, { dim: 0, eps: this.eps })
  }

  #matrix(weight: Tensor): Tensor {
    const others = [...weight.shape.keys()].filter((d) => d !== this.dim)
    return (this.dim === 0 ? weight : weight.permute([this.dim, ...others])).flatten(1)
  }

  // In place, so that the buffers stay the module's.
  #iterate(matrix: Tensor, times: number): void {
    no_grad(() => {
      for (let i = 0; i < times; i++) {
        this._u.copy_(this.#unit(matrix.mv(this._v)))
        this._v.copy_(this.#unit(matrix.H.mv(this._u)))
      }
    })
  }

  override forward(weight: Tensor): Tensor {
    if (weight.ndim === 1) return this.#unit(weight)
    const matrix = this.#matrix(weight)
    if (this.training) this.#iterate(matrix, this.n_power_iterations)
    // Copies: a later forward changes the buffers, and a backward pass of this one still needs them.
    const [u, v] = [this._u.clone(), this._v.clone()]
    return weight.div(u.vdot(matrix.mv(v)))
  }

  right_inverse(value: Tensor): Tensor {
    return value
  }
}

export interface SpectralNormOptions {
  /** Steps of the power method at each forward in training, default 1. */
  n_power_iterations?: number
  /** Default 1e-12. */
  eps?: number
  /** The dimension of the outputs, default 0. */
  dim?: number | null
}
const names = ['n_power_iterations', 'eps', 'dim'] as const

/** torch.nn.utils.parametrizations.spectral_norm: divides the weight by its greatest singular value. */
export function spectral_norm<M extends AnyModule>(
  module: M,
  name = 'weight',
  ...rest: Rest<SpectralNormOptions, [...typeof names]>
): M {
  const options = named<SpectralNormOptions>('spectral_norm()', rest, names)
  const weight: unknown = Reflect.get(module, name)
  if (!native.isTensor(weight)) {
    throw new ArgumentError(`${module.constructor.name} has no parameter or buffer with name '${name}'`)
  }
  const { n_power_iterations = 1, eps = 1e-12 } = options
  const norm = new _SpectralNorm(weight as Tensor, n_power_iterations, options.dim ?? 0, eps)
  return register_parametrization(module, name, norm)
}
