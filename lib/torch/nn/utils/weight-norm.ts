/** torch.nn.utils.weight_norm, the older form: a hook makes the weight anew before each forward. */

import { ArgumentError } from '../../../errors.js'
import { operator } from '../../operators.js'
import type { Tensor } from '../../tensor.js'
import type { RemovableHandle } from '../hooks.js'
import { type AnyModule, forget } from '../module.js'
import { Parameter } from '../parameter.js'

const compose = operator<(v: Tensor, g: Tensor, dim: number) => Tensor>('aten::_weight_norm')
const normExceptDim = operator<(v: Tensor, p: number, dim: number) => Tensor>('aten::norm_except_dim')

/** `g * v / |v|`, norms over all dimensions but `dim` (-1: over all). */
export const composeWeight = (v: Tensor, g: Tensor, dim: number): Tensor => compose(v, g, dim)
/** The norms that `composeWeight` takes as `g`. */
export const weightNorms = (v: Tensor, dim: number): Tensor => normExceptDim(v, 2, dim)

interface Registration {
  dim: number
  handle: RemovableHandle
}
const registered = new WeakMap<AnyModule, Map<string, Registration>>()

const part = (module: AnyModule, name: string) => Reflect.get(module, name) as Tensor
const weightOf = (module: AnyModule, name: string, dim: number) =>
  composeWeight(part(module, `${name}_v`), part(module, `${name}_g`), dim)

/**
 * torch.nn.utils.weight_norm: replaces the parameter by `name_g` (its norms, over all dimensions but `dim`; null: one
 * norm) and `name_v` (its direction). Newer: `parametrizations.weight_norm`.
 *
 * @throws ArgumentError when the parameter has it already.
 */
export function weight_norm<M extends AnyModule>(module: M, name = 'weight', dim: number | null = 0): M {
  const own = registered.get(module) ?? new Map<string, Registration>()
  if (own.has(name)) {
    throw new ArgumentError(`Cannot register two weight_norm hooks on the same parameter ${name}`)
  }
  const along = dim ?? -1
  const weight = module.get_parameter(name)
  forget(module, name)
  module.register_parameter(`${name}_g`, Parameter(weightNorms(weight, along).data))
  module.register_parameter(`${name}_v`, Parameter(weight.data))
  const refresh = () => Reflect.set(module, name, weightOf(module, name, along))
  refresh()
  const handle = module.register_forward_pre_hook(() => void refresh())
  registered.set(module, own.set(name, { dim: along, handle }))
  return module
}

/** torch.nn.utils.remove_weight_norm: one parameter again, with the present value. */
export function remove_weight_norm<M extends AnyModule>(module: M, name = 'weight'): M {
  const registration = registered.get(module)?.get(name)
  if (!registration) {
    throw new ArgumentError(`weight_norm of '${name}' not found in ${module.constructor.name}`)
  }
  const weight = weightOf(module, name, registration.dim)
  registration.handle.remove()
  for (const each of [name, `${name}_g`, `${name}_v`]) forget(module, each)
  module.register_parameter(name, Parameter(weight.data))
  registered.get(module)?.delete(name)
  return module
}
