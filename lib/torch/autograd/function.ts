/** torch.autograd.Function: operations whose gradient is written in TypeScript. */

import { ArgumentError } from '../../errors.js'
import { no_grad } from '../modes.js'
import { native } from '../native.js'
import { aten } from '../nn/aten.js'
import type { Tensor } from '../tensor.js'

/** What `forward` leaves for `backward`. Further properties may be set freely. */
export class FunctionContext {
  #saved: { tensor: Tensor; version: number }[] = []
  #needs: boolean[]
  #materialize = true;
  [extra: string]: unknown

  constructor(needs: boolean[]) {
    this.#needs = needs
  }

  /** Whether the gradient of each argument is wanted. */
  get needs_input_grad(): readonly boolean[] {
    return this.#needs
  }

  /** Whether gradients that no one asked for reach `backward` as zeros; otherwise as null. */
  get materialize_grads(): boolean {
    return this.#materialize
  }

  /** To be called in `forward`; default true. */
  set_materialize_grads(value: boolean): void {
    this.#materialize = value
  }

  save_for_backward(...tensors: Tensor[]): void {
    this.#saved = tensors.map((tensor) => ({ tensor, version: tensor._version }))
  }

  /** @throws ArgumentError when one was changed in place since it was saved. */
  get saved_tensors(): Tensor[] {
    return this.#saved.map(({ tensor, version }, i) => {
      if (tensor._version !== version) {
        throw new ArgumentError(
          `saved tensor ${i} was modified by an inplace operation: it is at version ${tensor._version}, expected ${version}`,
        )
      }
      return tensor
    })
  }
}

type OutputForm = Pick<Tensor, 'shape' | 'dtype' | 'device'>
const zeros = ({ shape, ...options }: OutputForm) => aten.zeros(shape, options)

type Grads = Tensor | null | undefined | (Tensor | null | undefined)[]

/** The static methods of a custom function. */
export interface FunctionClass<Arguments extends unknown[], Output extends Tensor | Tensor[]> {
  name: string
  forward(ctx: FunctionContext, ...args: Arguments): Output
  /** One gradient per argument of `forward`, null for those that are no tensors. */
  backward(ctx: FunctionContext, ...grads: (Tensor | null)[]): Grads
}

/**
 * torch.autograd.Function: extend it with static `forward(ctx, …)` and `backward(ctx, …)`, then call `apply`.
 *
 * ```ts
 * class Square extends torch.autograd.Function {
 *   static forward(ctx: FunctionContext, x: Tensor) { ctx.save_for_backward(x); return x.mul(x) }
 *   static backward(ctx: FunctionContext, grad: Tensor | null) { return ctx.saved_tensors[0]!.mul(grad!).mul(2) }
 * }
 * const y = Square.apply(x)
 * ```
 */
// biome-ignore lint/complexity/noStaticOnlyClass: the form that PyTorch users know
export abstract class AutogradFunction {
  static apply<Arguments extends unknown[], Output extends Tensor | Tensor[]>(
    this: FunctionClass<Arguments, Output>,
    ...args: Arguments
  ): Output {
    const isInput = args.map((arg) => native.isTensor(arg))
    const inputs = args.filter((_, i) => isInput[i]) as Tensor[]
    const ctx = new FunctionContext(
      args.map((arg, i) => (isInput[i] ? (arg as Tensor).requires_grad : false)),
    )
    const output = no_grad(() => this.forward(ctx, ...args))
    if (!native.isGradEnabled() || !inputs.some((input) => input.requires_grad)) return output
    const list = Array.isArray(output) ? output : [output]
    // An output that is an input itself must become a tensor of its own before it can have another history.
    const outputs = list.map((tensor) => (inputs.includes(tensor) ? tensor.detach() : tensor))
    const forms = outputs.map(({ shape, dtype, device }) => ({ shape, dtype, device }))
    const backward = (...grads: (Tensor | null)[]) => {
      const given = ctx.materialize_grads
        ? grads.map((gradient, i) => gradient ?? zeros(forms[i] as OutputForm))
        : grads
      const result = this.backward(ctx, ...given)
      const found = Array.isArray(result) ? result : [result]
      if (found.length !== args.length) {
        throw new ArgumentError(
          `${this.name}.backward gave ${found.length} gradients for ${args.length} arguments`,
        )
      }
      return found.filter((_, i) => isInput[i])
    }
    native.attachFunction(`${this.name}Backward`, inputs, outputs, backward)
    return (Array.isArray(output) ? outputs : outputs[0]) as Output
  }
}
