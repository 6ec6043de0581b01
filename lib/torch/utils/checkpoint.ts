/** torch.utils.checkpoint: trade time for memory by computing a part of the network twice. */

import { ArgumentError } from '../../errors.js'
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

/**
 * torch.utils.checkpoint.checkpoint_sequential: a chain of functions (an `nn.Sequential`, or a list) in `segments` parts,
 * each of which but the last keeps no more than its input and is computed again in the backward pass.
 *
 * @throws ArgumentError for fewer segments than one, or more than there are functions.
 */
export function checkpoint_sequential(
  functions: Iterable<(...input: never[]) => unknown>,
  segments: number,
  input: Tensor,
  options: { preserve_rng_state?: boolean } = {},
): Tensor {
  // Each takes the tensor that the one before it gives.
  const all = [...functions] as ((input: Tensor) => Tensor)[]
  if (!Number.isInteger(segments) || segments < 1 || segments > all.length) {
    throw new ArgumentError(`segments must lie in 1..${all.length}, the number of functions, is ${segments}`)
  }
  const size = Math.floor(all.length / segments)
  const run = (part: typeof all) => (x: Tensor) => part.reduce((value, next) => next(value), x)
  let value = input
  for (let i = 0; i < segments - 1; i++) {
    value = checkpoint(run(all.slice(i * size, (i + 1) * size)), [value], options)
  }
  return run(all.slice((segments - 1) * size))(value)
}
