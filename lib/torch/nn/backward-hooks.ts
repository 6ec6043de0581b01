/** Hooks on the gradients of a module's inputs and outputs. */

import { ArgumentError } from '../../errors.js'
import { AutogradFunction, type FunctionContext } from '../autograd/function.js'
import { native } from '../native.js'
import type { Tensor } from '../tensor.js'
import type { HookList } from './hooks.js'
import type { AnyModule } from './module.js'

type Gradients = (Tensor | null)[]
/**
 * Takes the gradients of the inputs and of the outputs, null where there is none; gradients that it returns take the
 * place of those of the inputs.
 */
export type FullBackwardHook = (module: AnyModule, grad_input: Gradients, grad_output: Gradients) => unknown
/** Takes the gradients of the outputs; those that it returns take their place. */
export type FullBackwardPreHook = (module: AnyModule, grad_output: Gradients) => unknown

export interface BackwardHooks {
  pre: HookList<FullBackwardPreHook>
  full: HookList<FullBackwardHook>
}

type Visit = (gradients: Gradients) => Gradients

/** Passes tensors on, and gradients back through `visit`. */
class Gate extends AutogradFunction {
  static forward(ctx: FunctionContext, visit: Visit, ...tensors: Tensor[]): Tensor[] {
    ctx.set_materialize_grads(false)
    ctx.visit = visit
    return tensors
  }

  static backward(ctx: FunctionContext, ...gradients: Gradients): Gradients {
    return [null, ...(ctx.visit as Visit)(gradients)]
  }
}

/** The values with the tensors that require grad behind a gate; `visit` sees one gradient or null for each value. */
function gated(values: readonly unknown[], visit: Visit): unknown[] | null {
  const positions = values.flatMap((value, i) =>
    native.isTensor(value) && (value as Tensor).requires_grad ? [i] : [],
  )
  if (positions.length === 0 || !native.isGradEnabled()) return null
  const tensors = positions.map((i) => values[i] as Tensor)
  const passed = Gate.apply(
    (found: Gradients) => {
      const all: Gradients = values.map(() => null)
      for (const [j, i] of positions.entries()) all[i] = found[j] ?? null
      const kept = visit(all)
      return positions.map((i) => kept[i] ?? null)
    },
    ...tensors,
  )
  const result = [...values]
  for (const [j, i] of positions.entries()) result[i] = passed[j]
  return result
}

function replaced(result: unknown, before: Gradients, what: string): Gradients {
  if (result === null || result === undefined) return before
  const list = (Array.isArray(result) ? result : [result]) as Gradients
  if (list.length !== before.length) {
    throw new ArgumentError(
      `a backward hook returned ${list.length} gradients of ${what}, but there are ${before.length}`,
    )
  }
  return list
}

/** One call of a module whose gradients are looked at. */
export class HookedCall {
  #gradOutput: Gradients = []
  #inputsHaveGradients = false

  constructor(
    readonly module: AnyModule,
    readonly hooks: BackwardHooks,
  ) {}

  inputs(values: unknown[]): unknown[] {
    const passed = gated(values, (gradients) => this.#runHooks(gradients))
    this.#inputsHaveGradients = passed !== null
    return passed ?? values
  }

  output(value: unknown, inputs: readonly unknown[]): unknown {
    const values = Array.isArray(value) ? value : [value]
    const passed = gated(values, (gradients) => {
      this.#gradOutput = [...this.hooks.pre].reduce(
        (current, hook) => replaced(hook(this.module, current), current, 'the outputs'),
        gradients,
      )
      if (!this.#inputsHaveGradients) this.#runHooks(inputs.map(() => null))
      return this.#gradOutput
    })
    if (passed === null) return value
    return Array.isArray(value) ? passed : passed[0]
  }

  #runHooks(gradients: Gradients): Gradients {
    return [...this.hooks.full].reduce(
      (current, hook) => replaced(hook(this.module, current, this.#gradOutput), current, 'the inputs'),
      gradients,
    )
  }
}
