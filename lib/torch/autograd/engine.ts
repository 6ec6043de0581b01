/** torch.autograd */

import { native } from '../native.js'
import type { Tensor } from '../tensor.js'

export interface BackwardOptions {
  /** One per tensor; may be left out for tensors of one element. */
  grad_tensors?: Tensor | readonly (Tensor | null)[] | null
  /** Keep the graph for another backward pass; defaults to `create_graph`. */
  retain_graph?: boolean
  /** Build a graph of the gradients themselves. */
  create_graph?: boolean
  /** Accumulate into these tensors only. */
  inputs?: Tensor | readonly Tensor[]
}

const asList = <T>(value: T | readonly T[] | null | undefined): T[] =>
  value === null || value === undefined ? [] : Array.isArray(value) ? [...value] : [value as T]

type BackwardArguments = Parameters<typeof native.backward>

function backwardArguments(tensors: Tensor | readonly Tensor[], options: BackwardOptions): BackwardArguments {
  const create = options.create_graph ?? false
  return [
    asList(tensors),
    asList<Tensor | null>(options.grad_tensors),
    options.retain_graph ?? create,
    create,
    asList(options.inputs),
  ]
}

/** torch.autograd.backward: adds the gradients of `tensors` to the leaves' `grad`. */
export function backward(tensors: Tensor | readonly Tensor[], options: BackwardOptions = {}): void {
  native.backward(...backwardArguments(tensors, options))
}

/** `backward` off the event loop. */
export function backwardAsync(
  tensors: Tensor | readonly Tensor[],
  options: BackwardOptions = {},
): Promise<void> {
  return native.backwardAsync(...backwardArguments(tensors, options))
}

export interface GradOptions {
  grad_outputs?: Tensor | readonly (Tensor | null)[] | null
  retain_graph?: boolean
  create_graph?: boolean
  /** Return null for inputs that the outputs do not depend on, instead of an error. */
  allow_unused?: boolean
}

/** torch.autograd.grad: the gradients of `outputs` with respect to `inputs`, without touching `grad`. */
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options: GradOptions = {},
): (Tensor | null)[] {
  const create = options.create_graph ?? false
  return native.gradients(
    asList(outputs),
    asList(inputs),
    asList<Tensor | null>(options.grad_outputs),
    options.retain_graph ?? create,
    create,
    options.allow_unused ?? false,
  )
}
