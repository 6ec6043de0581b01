/** What all pruning methods of torch.nn.utils.prune do: a parameter becomes its original times a mask. */

import { ArgumentError, ShapeError } from '../../../errors.js'
import { nonzero } from '../../functions/positions.js'
import type { Tensor } from '../../tensor.js'
import { aten } from '../aten.js'
import type { RemovableHandle } from '../hooks.js'
import { type AnyModule, forget } from '../module.js'

export type PruningType = 'unstructured' | 'structured' | 'global'

interface Registration {
  method: BasePruningMethod
  handle: RemovableHandle
}
const registered = new WeakMap<AnyModule, Map<string, Registration>>()

/** The pruning of a module's parameter, or of any of its parameters. */
export const pruningOf = (module: AnyModule, name: string): Registration | undefined =>
  registered.get(module)?.get(name)
export const hasPruning = (module: AnyModule): boolean => (registered.get(module)?.size ?? 0) > 0

/** Named tensors of a module. */
export const tensorOf = (module: AnyModule, name: string): Tensor => Reflect.get(module, name) as Tensor

interface ApplyOptions {
  /** Of the parameter's shape; which elements go is decided by these instead of the parameter's values. */
  importance_scores?: Tensor | null
}

const isApplyOptions = (value: unknown): value is ApplyOptions =>
  typeof value === 'object' && value !== null && Object.keys(value).join() === 'importance_scores'

/** torch.nn.utils.prune.BasePruningMethod: extend it with `PRUNING_TYPE` and `compute_mask`, then call `apply`. */
export abstract class BasePruningMethod {
  abstract readonly PRUNING_TYPE: PruningType
  /** The dimension of the channels that a structured method prunes. */
  readonly dim?: number
  /** Set by `apply`. */
  _tensor_name = ''

  /**
   * @param t the elements that may still be pruned
   * @param default_mask ones where they are kept
   * @returns a mask of the shape of `t`
   */
  abstract compute_mask(t: Tensor, default_mask: Tensor): Tensor

  /** The original times the mask. */
  apply_mask(module: AnyModule): Tensor {
    const original = tensorOf(module, `${this._tensor_name}_orig`)
    return tensorOf(module, `${this._tensor_name}_mask`).to(original.dtype).mul(original)
  }

  /** A pruned copy of a tensor. */
  prune(
    t: Tensor,
    options: { default_mask?: Tensor | null; importance_scores?: Tensor | null } = {},
  ): Tensor {
    const scores = options.importance_scores ?? t
    requireShape(scores, t)
    return t.mul(this.compute_mask(scores, options.default_mask ?? aten.ones_like(t)))
  }

  /** Ends the pruning: the parameter keeps its pruned values. */
  remove(module: AnyModule): void {
    const name = this._tensor_name
    const original = tensorOf(module, `${name}_orig`)
    original.data = this.apply_mask(module).data
    for (const each of [name, `${name}_orig`, `${name}_mask`]) forget(module, each)
    module.register_parameter(name, original)
    registered.get(module)?.get(name)?.handle.remove()
    registered.get(module)?.delete(name)
  }

  /**
   * Prunes a parameter: it becomes `name_orig` times the buffer `name_mask`, at each forward. What is pruned already
   * is pruned further. Arguments of the constructor follow, then `{ importance_scores }`.
   */
  static apply<Method extends new (...args: never[]) => BasePruningMethod>(
    this: Method,
    module: AnyModule,
    name: string,
    ...rest: ConstructorParameters<Method> | [...ConstructorParameters<Method>, options: ApplyOptions]
  ): BasePruningMethod {
    const last: unknown = rest.at(-1)
    const options = isApplyOptions(last) ? last : {}
    const args = (isApplyOptions(last) ? rest.slice(0, -1) : rest) as ConstructorParameters<Method>
    return applyPruning(module, name, new this(...args), options.importance_scores ?? null)
  }
}

function requireShape(scores: Tensor, tensor: Tensor): void {
  if (String(scores.shape) === String(tensor.shape)) return
  throw new ShapeError(`importance_scores are (${scores.shape}), they must have the shape (${tensor.shape})`)
}

/** torch.nn.utils.prune.PruningContainer: several methods, one after the other; `compute_mask` is the last one's. */
export class PruningContainer extends BasePruningMethod {
  readonly PRUNING_TYPE = 'global'
  #methods: BasePruningMethod[] = []

  constructor(...methods: BasePruningMethod[]) {
    super()
    this._tensor_name = methods[0]?._tensor_name ?? ''
    for (const method of methods) this.add_pruning_method(method)
  }

  /** @throws ArgumentError for a method of another parameter. */
  add_pruning_method(method: BasePruningMethod): void {
    if (method._tensor_name !== this._tensor_name) {
      throw new ArgumentError(
        `Can only add pruning methods acting on the parameter named '${this._tensor_name}' to PruningContainer. Found '${method._tensor_name}'`,
      )
    }
    this.#methods.push(method)
  }

  get length(): number {
    return this.#methods.length
  }

  at(index: number): BasePruningMethod | undefined {
    return this.#methods.at(index)
  }

  [Symbol.iterator](): Iterator<BasePruningMethod> {
    return this.#methods[Symbol.iterator]()
  }

  override compute_mask(t: Tensor, default_mask: Tensor): Tensor {
    const method = this.#methods.at(-1)
    if (!method) throw new ArgumentError('the PruningContainer holds no method')
    const mask = default_mask.to(t.dtype).clone()
    if (method.PRUNING_TYPE === 'unstructured') {
      const kept = default_mask.eq(1)
      const part = method.compute_mask(t.at(kept), default_mask.at(kept))
      return mask.set(kept, part.to(mask.dtype))
    }
    if (method.PRUNING_TYPE === 'global') return method.compute_mask(t, default_mask).to(mask.dtype)
    if (method.dim === undefined) {
      throw new ArgumentError('Pruning methods of PRUNING_TYPE "structured" need the attribute `dim`')
    }
    const dim = method.dim < 0 ? method.dim + t.ndim : method.dim
    const others = [...t.shape.keys()].filter((d) => d !== dim)
    const channels = nonzero(default_mask.sum(others).ne(0)).squeeze(1)
    const part = method.compute_mask(t.index_select(dim, channels), default_mask.index_select(dim, channels))
    return mask.index_copy_(dim, channels, part.to(mask.dtype))
  }
}

function combined(method: BasePruningMethod, before: BasePruningMethod | undefined): BasePruningMethod {
  if (!before) return method
  const container = before instanceof PruningContainer ? before : new PruningContainer(before)
  container.add_pruning_method(method)
  return container
}

function applyPruning(
  module: AnyModule,
  name: string,
  added: BasePruningMethod,
  importance: Tensor | null,
): BasePruningMethod {
  const before = pruningOf(module, name)
  const tensor = before ? tensorOf(module, name) : module.get_parameter(name)
  if (importance) requireShape(importance, tensor)
  added._tensor_name = name
  // First the mask: a method that fails leaves the module as it was.
  const method = combined(added, before?.method)
  const present = before ? tensorOf(module, `${name}_mask`).detach().clone() : aten.ones_like(tensor).detach()
  const mask = method.compute_mask((importance ?? tensor).detach(), present)
  if (!before) {
    forget(module, name)
    module.register_parameter(`${name}_orig`, tensor)
  }
  module.register_buffer(`${name}_mask`, mask)
  const refresh = () => Reflect.set(module, name, method.apply_mask(module))
  refresh()
  before?.handle.remove()
  const handle = module.register_forward_pre_hook(() => void refresh())
  const own = registered.get(module) ?? new Map<string, Registration>()
  registered.set(module, own.set(name, { method, handle }))
  return method
}
