/** torch.utils.checkpoint: trade time for memory by computing a part of the network twice. */

import { backward as runBackward } from '../autograd/engine.js'
import { AutogradFunction, type FunctionContext } from '../autograd/function.js'
import { enable_grad } from '../modes.js'
import { native } from '../native.js'
import { get_rng_state, set_rng_state } from '../random.js'
import type { Tensor } from '../tensor.js'

type Part = (...inputs: never[]) => Tensor | Tensor[]

class CheckpointFunction extends AutogradFunction {
  static forward(
    ctx: FunctionContext,
    part: Part,
    state: Tensor | null,
    ...inputs: unknown[]
  ): Tensor | Tensor[] {
    Object.assign(ctx, { part, state, inputs })
    return part(...(inputs as never[]))
  }

  static backward(ctx: FunctionContext, ...grads: (Tensor | null)[]): (Tensor | null)[] {
    const { part, state, inputs } = ctx as unknown as { part: Part; state: Tensor | null; inputs: unknown[] }
    const now = state === null ? null : get_rng_state()
    if (state !== null) set_rng_state(state)
    const detached = inputs.map((input) => {
      if (!native.isTensor(input)) return input
      return (input as Tensor).detach().requires_grad_((input as Tensor).requires_grad)
    })
    const output = enable_grad(() => part(...(detached as never[])))
    if (now !== null) set_rng_state(now)
    const outputs = Array.isArray(output) ? output : [output]
    const wanted = outputs
      .map((tensor, i) => ({ tensor, grad: grads[i] ?? null }))
      .filter((o) => o.tensor.requires_grad)
    runBackward(
      wanted.map((o) => o.tensor),
      { grad_tensors: wanted.map((o) => o.grad) },
    )
    return [null, null, ...detached.map((input) => (native.isTensor(input) ? (input as Tensor).grad : null))]
  }
}

/**
 * torch.utils.checkpoint.checkpoint (reentrant): `part(...inputs)` without keeping what its backward needs; the
 * backward pass computes the part again, with the same random numbers unless `preserve_rng_state` is false.
 * At least one input must require gradients.
 */
export function checkpoint<Output extends Tensor | Tensor[]>(
  part: (...inputs: never[]) => Output,
  inputs: readonly unknown[],
  options: { preserve_rng_state?: boolean } = {},
): Output {
  const state = (options.preserve_rng_state ?? true) ? get_rng_state() : null
  return CheckpointFunction.apply(part as Part, state, ...inputs) as Output
}
