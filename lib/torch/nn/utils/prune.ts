/** torch.nn.utils.prune: parameters with zeros that stay zeros. */

import { ArgumentError, IndexError, ShapeError } from '../../../errors.js'
import type { Tensor } from '../../tensor.js'
import { aten } from '../aten.js'
import type { AnyModule } from '../module.js'
import { parameters_to_vector } from './parameter-vector.js'
import { BasePruningMethod, hasPruning, PruningContainer, pruningOf, tensorOf } from './pruning-method.js'

export { BasePruningMethod, PruningContainer, type PruningType } from './pruning-method.js'

/** How much to prune: a whole number is a count, any other number in [0, 1] a share. */
type Amount = number

function requireAmount(amount: Amount): void {
  if (Number.isInteger(amount) ? amount >= 0 : amount >= 0 && amount <= 1) return
  throw new ArgumentError(
    `amount=${amount} should either be a float in the range [0, 1] or a non-negative integer`,
  )
}

function countOf(amount: Amount, size: number): number {
  const count = Number.isInteger(amount) ? amount : roundHalfEven(amount * size)
  if (count <= size) return count
  throw new ArgumentError(`amount=${amount} should be smaller than the number of parameters to prune=${size}`)
}

// As Python rounds.
function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  return value - floor === 0.5 ? floor + (floor % 2) : Math.round(value)
}

function requireChannels(t: Tensor, dim: number): void {
  if (t.ndim <= 1) {
    throw new ShapeError(
      `Structured pruning can only be applied to multidimensional tensors. Found tensor of shape (${t.shape}) with ${t.ndim} dims`,
    )
  }
  if (dim >= t.ndim || dim < -t.ndim) {
    throw new IndexError(`Invalid index ${dim} for tensor of size (${t.shape})`)
  }
}

/** torch.nn.utils.prune.Identity: a mask of ones. */
export class Identity extends BasePruningMethod {
  readonly PRUNING_TYPE = 'unstructured'

  override compute_mask(_: Tensor, default_mask: Tensor): Tensor {
    return default_mask
  }
}

abstract class Unstructured extends BasePruningMethod {
  readonly PRUNING_TYPE = 'unstructured'

  constructor(readonly amount: Amount) {
    super()
    requireAmount(amount)
  }

  /** Positions of the `count` elements to prune. */
  protected abstract choose(t: Tensor, count: number): Tensor

  override compute_mask(t: Tensor, default_mask: Tensor): Tensor {
    const count = countOf(this.amount, t.numel())
    const mask = default_mask.clone()
    return count === 0 ? mask : mask.view(-1).index_fill_(0, this.choose(t, count), 0).view(mask.shape)
  }
}

/** torch.nn.utils.prune.RandomUnstructured */
export class RandomUnstructured extends Unstructured {
  protected override choose(t: Tensor, count: number): Tensor {
    return aten.topk(aten.rand_like(t).view(-1), count)[1]
  }
}

/** torch.nn.utils.prune.L1Unstructured: the elements of least absolute value. */
export class L1Unstructured extends Unstructured {
  protected override choose(t: Tensor, count: number): Tensor {
    return aten.topk(t.abs().reshape([-1]), count, { largest: false })[1]
  }
}

abstract class Structured extends BasePruningMethod {
  readonly PRUNING_TYPE = 'structured'

  constructor(
    readonly amount: Amount,
    override readonly dim: number,
  ) {
    super()
    requireAmount(amount)
  }

  /** Ones for the channels that stay. */
  protected abstract keep(t: Tensor, channels: number, count: number): Tensor

  override compute_mask(t: Tensor, default_mask: Tensor): Tensor {
    requireChannels(t, this.dim)
    const channels = t.size(this.dim)
    const count = countOf(this.amount, channels)
    const kept = this.keep(t, channels, count)
    if (count === 0) return default_mask
    const along = t.shape.map((_, d) => (d === (this.dim + t.ndim) % t.ndim ? channels : 1))
    return aten.ones_like(t).mul(kept.to(t.dtype).view(along)).mul(default_mask.to(t.dtype))
  }
}

/** torch.nn.utils.prune.RandomStructured: random channels along `dim`. */
export class RandomStructured extends Structured {
  constructor(amount: Amount, dim = -1) {
    super(amount, dim)
  }

  protected override keep(_: Tensor, channels: number, count: number): Tensor {
    const draws = aten.rand([channels])
    return count === 0 ? draws : draws.gt(aten.kthvalue(draws, count)[0])
  }
}

/** torch.nn.utils.prune.LnStructured: the channels along `dim` of least norm of order `n`. */
export class LnStructured extends Structured {
  constructor(
    amount: Amount,
    readonly n: number | 'fro' | 'nuc',
    dim = -1,
  ) {
    super(amount, dim)
  }

  protected override keep(t: Tensor, channels: number, count: number): Tensor {
    const others = [...t.shape.keys()].filter((d) => d !== (this.dim + t.ndim) % t.ndim)
    const [, best] = aten.topk(t.norm(this.n, others), channels - count)
    return aten.zeros([channels], { device: t.device }).index_fill_(0, best, 1)
  }
}

/** torch.nn.utils.prune.CustomFromMask: a mask that is given. */
export class CustomFromMask extends BasePruningMethod {
  readonly PRUNING_TYPE = 'global'

  constructor(readonly mask: Tensor) {
    super()
  }

  override compute_mask(_: Tensor, default_mask: Tensor): Tensor {
    if (String(default_mask.shape) !== String(this.mask.shape)) {
      throw new ShapeError(`the mask is (${this.mask.shape}), it must be (${default_mask.shape})`)
    }
    return default_mask.mul(this.mask.to(default_mask.dtype))
  }
}

type Scores = { importance_scores?: Tensor | null }

/** torch.nn.utils.prune.identity: makes the module pruned without a zero. */
export function identity<M extends AnyModule>(module: M, name: string): M {
  Identity.apply(module, name)
  return module
}

/** torch.nn.utils.prune.random_unstructured: random elements. */
export function random_unstructured<M extends AnyModule>(module: M, name: string, amount: Amount): M {
  RandomUnstructured.apply(module, name, amount)
  return module
}

/** torch.nn.utils.prune.l1_unstructured: the elements of least absolute value. */
export function l1_unstructured<M extends AnyModule>(
  module: M,
  name: string,
  amount: Amount,
  { importance_scores }: Scores = {},
): M {
  L1Unstructured.apply(module, name, amount, { importance_scores })
  return module
}

/** torch.nn.utils.prune.random_structured: random channels along `dim`. */
export function random_structured<M extends AnyModule>(
  module: M,
  name: string,
  amount: Amount,
  dim: number,
): M {
  RandomStructured.apply(module, name, amount, dim)
  return module
}

/** torch.nn.utils.prune.ln_structured: the channels along `dim` of least norm of order `n`. */
export function ln_structured<M extends AnyModule>(
  module: M,
  name: string,
  amount: Amount,
  n: number | 'fro' | 'nuc',
  dim: number,
  { importance_scores }: Scores = {},
): M {
  LnStructured.apply(module, name, amount, n, dim, { importance_scores })
  return module
}

/** torch.nn.utils.prune.custom_from_mask: zeros where the mask has zeros. */
export function custom_from_mask<M extends AnyModule>(module: M, name: string, mask: Tensor): M {
  CustomFromMask.apply(module, name, mask)
  return module
}

/**
 * torch.nn.utils.prune.global_unstructured: prunes several parameters as if they were one.
 *
 * @param parameters pairs of module and name
 * @param args those of the method's constructor: `global_unstructured(pairs, prune.L1Unstructured, 0.2)`
 * @throws ArgumentError for a method that is not unstructured
 */
export function global_unstructured<Arguments extends unknown[]>(
  parameters: readonly (readonly [module: AnyModule, name: string])[],
  pruning_method: new (...args: Arguments) => BasePruningMethod,
  ...args: Arguments
): void {
  const method = new pruning_method(...args)
  if (method.PRUNING_TYPE !== 'unstructured') {
    throw new ArgumentError(
      `Only "unstructured" PRUNING_TYPE supported for the \`pruning_method\`. Found method ${pruning_method.name} of type ${method.PRUNING_TYPE}`,
    )
  }
  const tensors = parameters.map(([module, name]) => tensorOf(module, name).detach())
  const masks = parameters.map(([module, name], i) => {
    const mask: Tensor | undefined = pruningOf(module, name) && tensorOf(module, `${name}_mask`)
    return mask ?? aten.ones_like(tensors[i] as Tensor)
  })
  const all = new PruningContainer(method)
  const mask = all.compute_mask(parameters_to_vector(tensors), parameters_to_vector(masks))
  const parts = mask.split(tensors.map((tensor) => tensor.numel()))
  for (const [i, [module, name]] of parameters.entries()) {
    custom_from_mask(module, name, (parts[i] as Tensor).view_as(tensors[i] as Tensor))
  }
}

/**
 * torch.nn.utils.prune.remove: the parameter keeps its pruned values and is a plain one again.
 *
 * @throws ArgumentError when it is not pruned.
 */
export function remove<M extends AnyModule>(module: M, name: string): M {
  const registration = pruningOf(module, name)
  if (!registration) {
    throw new ArgumentError(
      `Parameter '${name}' of module ${module.constructor.name} has to be pruned before pruning can be removed`,
    )
  }
  registration.method.remove(module)
  return module
}

/** torch.nn.utils.prune.is_pruned: the module or any below it. */
export const is_pruned = (module: AnyModule): boolean => module.modules().some(hasPruning)
