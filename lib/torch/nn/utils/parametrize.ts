/** torch.nn.utils.parametrize: a parameter that is computed from others whenever it is read. */

import { ArgumentError, DTypeError, ShapeError } from '../../../errors.js'
import { no_grad } from '../../modes.js'
import { native } from '../../native.js'
import type { Tensor } from '../../tensor.js'
import { ModuleDict, Numbered } from '../containers.js'
import { type AnyModule, forget, isBuffer, type Module } from '../module.js'
import { isParameter, Parameter } from '../parameter.js'

type Parts = Tensor | readonly Tensor[]

/** A module that makes the tensor; `right_inverse` finds what it would make a given tensor from. */
export type Parametrization = Module<Tensor[], Tensor> & { right_inverse?(value: Tensor): Parts }

const isTensor = (value: unknown): value is Tensor => native.isTensor(value)
const inverseOf = (module: AnyModule) => (module as unknown as Parametrization).right_inverse

function register(module: AnyModule, name: string, tensor: Tensor): void {
  if (isParameter(tensor)) module.register_parameter(name, tensor)
  else module.register_buffer(name, tensor)
}

/** torch.nn.utils.parametrize.ParametrizationList: the parametrizations of one tensor, and its `original`(s). */
export class ParametrizationList extends Numbered<[], Tensor> {
  unsafe: boolean
  /** Whether there is one `original`, and not `original0`, `original1`, …. */
  readonly is_tensor: boolean
  readonly ntensors: number

  constructor(modules: readonly AnyModule[], original: Tensor, unsafe = false) {
    super()
    if (modules.length === 0) throw new ArgumentError('ParametrizationList requires one or more modules.')
    this.extend(modules)
    this.unsafe = unsafe
    const found = this.#inverse(original, false)
    this.is_tensor = isTensor(found)
    this.ntensors = isTensor(found) ? 1 : found.length
    if (isTensor(found)) {
      requireSame('dtype', 'right_inverse(original)', original, found)
      if (found !== original) original.data = found
      register(this, 'original', original)
    } else {
      for (const [i, part] of found.entries()) {
        const { requires_grad } = original
        const own = isParameter(original)
          ? Parameter(part, requires_grad)
          : part.requires_grad_(requires_grad)
        register(this, `original${i}`, own)
      }
    }
    if (!unsafe) {
      requireKind(
        'parametrized',
        original,
        no_grad(() => this.forward()),
      )
    }
  }

  #originals(): Tensor[] {
    if (this.is_tensor) return [Reflect.get(this, 'original') as Tensor]
    return Array.from({ length: this.ntensors }, (_, i) => Reflect.get(this, `original${i}`) as Tensor)
  }

  #inverse(value: Tensor, required: boolean): Parts {
    return no_grad(() => {
      let parts: Parts = value
      for (const module of [...this].toReversed()) {
        const inverse = inverseOf(module)
        if (inverse) parts = inverse.call(module, parts as Tensor)
        else if (required) {
          throw new ArgumentError(
            `parametrization ${module.constructor.name} does not implement right_inverse.`,
            { hint: 'assign to the original tensors instead' },
          )
        }
      }
      return parts
    })
  }

  /** Sets the originals to what gives `value`. */
  right_inverse(value: Tensor): void {
    const found = this.#inverse(value, true)
    const parts = isTensor(found) ? [found] : [...found]
    const originals = this.#originals()
    if (parts.length !== originals.length) {
      throw new ArgumentError(`right_inverse gave ${parts.length} tensors, expected ${originals.length}`)
    }
    for (const [i, original] of originals.entries()) {
      const part = parts[i] as Tensor
      requireSame('dtype', 'right_inverse(value)', original, part)
      if (part !== original) original.data = part
    }
  }

  override forward(): Tensor {
    const [first, ...others] = [...this] as unknown as [Parametrization, ...Parametrization[]]
    return others.reduce((value, module) => module(value), first(...this.#originals()))
  }
}

function requireSame(what: 'dtype' | 'shape', who: string, before: Tensor, after: Tensor): void {
  const print = (tensor: Tensor) => (what === 'dtype' ? String(tensor.dtype) : `(${tensor.shape.join(', ')})`)
  if (print(before) === print(after)) return
  const ErrorClass = what === 'dtype' ? DTypeError : ShapeError
  throw new ErrorClass(
    `a parametrization may not change the ${what}: unparametrized ${print(before)}, ${who} ${print(after)}`,
    { hint: 'pass { unsafe: true } if it is meant to' },
  )
}

interface Parametrized {
  parametrizations: ModuleDict
}
const listsOf = (module: AnyModule) => (module as unknown as Parametrized).parametrizations
const listOf = (module: AnyModule, name: string) =>
  listsOf(module).get(name) as unknown as ParametrizationList

/**
 * torch.nn.utils.parametrize.register_parametrization: `module[tensor_name]` becomes what `parametrization` makes of
 * `module.parametrizations[tensor_name].original` (or of `original0`, `original1`, … where its `right_inverse` gives
 * several). Further ones take what the former gave. The original stays the same tensor, so an optimizer that has it
 * goes on.
 *
 * @throws ArgumentError when there is no such tensor, DTypeError or ShapeError for a change of kind unless `unsafe`.
 */
export function register_parametrization<M extends AnyModule>(
  module: M,
  tensor_name: string,
  parametrization: AnyModule,
  { unsafe = false }: { unsafe?: boolean } = {},
): M {
  parametrization.train(module.training)
  if (is_parametrized(module, tensor_name)) {
    append(listOf(module, tensor_name), parametrization, unsafe)
    return module
  }
  const original: unknown = Reflect.get(module, tensor_name)
  if (!isTensor(original) || !(isParameter(original) || isBuffer(module, tensor_name))) {
    throw new ArgumentError(
      `${module.constructor.name} has no parameter, buffer or parametrized tensor '${tensor_name}'`,
    )
  }
  const list = new ParametrizationList([parametrization], original, unsafe)
  forget(module, tensor_name)
  if (!is_parametrized(module)) {
    injectClass(module)
    Reflect.set(module, 'parametrizations', new ModuleDict())
  }
  Object.defineProperty(Object.getPrototypeOf(module), tensor_name, {
    configurable: true,
    get: () => list(),
    set: (value: Tensor) => list.right_inverse(value),
  })
  listsOf(module).set(tensor_name, list)
  return module
}

// As in PyTorch the originals stay, so the tensor changes by what is added.
function append(list: ParametrizationList, parametrization: AnyModule, unsafe: boolean): void {
  if (!unsafe) {
    no_grad(() => {
      const before = list()
      const made = (parametrization as unknown as Parametrization)(before)
      requireKind('parametrized', before, made)
      const inverse = inverseOf(parametrization)?.call(parametrization, made)
      if (inverse !== undefined) requireKind('right_inverse', before, inverse)
    })
  }
  list.append(parametrization)
  list.unsafe ||= unsafe
}

function requireKind(who: string, before: Tensor, after: Parts): void {
  if (!isTensor(after)) {
    throw new ArgumentError(
      `${who} must be a tensor: only the first parametrization may have several originals`,
    )
  }
  requireSame('dtype', who, before, after)
  requireSame('shape', who, before, after)
}

/** Gives this one module a class of its own, on which properties can stand. */
function injectClass(module: AnyModule): void {
  const prototype = Object.getPrototypeOf(module) as object
  const { name } = module.constructor
  const made = Object.defineProperty(() => {}, 'name', { value: `Parametrized${name}` })
  Object.setPrototypeOf(module, Object.create(prototype, { constructor: { value: made } }))
}

/** torch.nn.utils.parametrize.is_parametrized: the tensor, or any of the module. */
export function is_parametrized(module: AnyModule, tensor_name: string | null = null): boolean {
  const lists: unknown = Reflect.get(module, 'parametrizations')
  if (!(lists instanceof ModuleDict)) return false
  return tensor_name === null ? lists.length > 0 : lists.has(tensor_name)
}

/**
 * torch.nn.utils.parametrize.remove_parametrizations: the tensor is a plain one again, with its present value, or with
 * the original's when `leave_parametrized` is false.
 *
 * @throws ArgumentError when it is not parametrized, or has several originals and should not be left parametrized.
 */
export function remove_parametrizations<M extends AnyModule>(
  module: M,
  tensor_name: string,
  leave_parametrized = true,
): M {
  if (!is_parametrized(module, tensor_name)) {
    throw new ArgumentError(`${module.constructor.name} does not have a parametrization on ${tensor_name}`)
  }
  const list = listOf(module, tensor_name)
  let original: Tensor
  if (list.is_tensor) {
    original = Reflect.get(list, 'original') as Tensor
    if (leave_parametrized) original.data = no_grad(() => list())
  } else {
    if (!leave_parametrized) {
      throw new ArgumentError(
        'Cannot leave unparametrized (`leave_parametrized=False`) a tensor that is parametrized in terms of a sequence of tensors.',
      )
    }
    const value = list()
    original = value.requires_grad ? Parameter(value) : value
  }
  const prototype = Object.getPrototypeOf(module) as object
  Reflect.deleteProperty(prototype, tensor_name)
  listsOf(module).pop(tensor_name)
  if (!is_parametrized(module)) {
    forget(module, 'parametrizations')
    Object.setPrototypeOf(module, Object.getPrototypeOf(prototype) as object)
  }
  register(module, tensor_name, original)
  return module
}
