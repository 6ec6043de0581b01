/** torch.autograd.gradcheck and gradgradcheck: gradients of autograd against central differences. */

import process from 'node:process'

import { ArgumentError, GradcheckError } from '../../../errors.js'
import { complex128, float64 } from '../../dtype.js'
import { named } from '../../nn/arguments.js'
import { aten } from '../../nn/aten.js'
import type { Tensor } from '../../tensor.js'
import { make_tensor } from '../../testing/make-tensor.js'
import { grad } from '../engine.js'
import { compareAll } from './compare.js'
import { compareFast } from './fast.js'
import { checkedInputs, isTensor, type Limits, type ListFunction, requiringGrad } from './problem.js'
import { checkUndefinedGradients, checkZeroGradients } from './undefined.js'

export interface GradcheckOptions {
  /** Step of the differences, default 1e-6. */
  eps?: number
  /** Default 1e-5. */
  atol?: number
  /** Default 1e-3. */
  rtol?: number
  /** Default true; otherwise a failed check returns false. */
  raise_exception?: boolean
  /** How far two backward passes may be apart, default 0. */
  nondet_tol?: number
  /** Default true: absent gradients must count as zeros. */
  check_undefined_grad?: boolean
  /** Default false. */
  check_grad_dtypes?: boolean
  /** Default false: every element of the Jacobian. The fast mode checks one random combination of them. */
  fast_mode?: boolean
}

const keywords = [
  'eps',
  'atol',
  'rtol',
  'raise_exception',
  'nondet_tol',
  'check_undefined_grad',
  'check_grad_dtypes',
  'fast_mode',
] as const

type Outputs = Tensor | readonly Tensor[]

const asList = <T>(value: T | readonly T[]): T[] => (Array.isArray(value) ? [...value] : [value as T])
const listFunction =
  (func: (...inputs: never[]) => Outputs): ListFunction =>
  (inputs) =>
    asList((func as (...inputs: readonly unknown[]) => Outputs)(...inputs))

/**
 * torch.autograd.gradcheck: whether the gradients of `func` for the inputs that require grad (float64 or complex128)
 * are those that central differences give. Of complex outputs real and imaginary parts are checked each.
 *
 * @throws GradcheckError with both Jacobians when they differ, and for backward passes that mistreat zero, absent or
 * repeated gradients; ArgumentError for inputs of which none requires grad.
 */
export function gradcheck(
  func: (input: Tensor) => Outputs,
  inputs: Tensor,
  options?: GradcheckOptions,
): boolean
export function gradcheck<Inputs extends readonly unknown[] | []>(
  func: (...inputs: [...Inputs]) => Outputs,
  inputs: Inputs,
  options?: GradcheckOptions,
): boolean
export function gradcheck(
  func: (...inputs: never[]) => Outputs,
  inputs: unknown,
  options: GradcheckOptions = {},
): boolean {
  const given = named<GradcheckOptions>('gradcheck()', [options], [], keywords)
  return check(listFunction(func), asList<unknown>(inputs), given)
}

function check(fn: ListFunction, inputs: unknown[], options: GradcheckOptions): boolean {
  const { raise_exception = true, fast_mode = false, check_undefined_grad = true } = options
  const limits: Limits = {
    eps: options.eps ?? 1e-6,
    atol: options.atol ?? 1e-5,
    rtol: options.rtol ?? 1e-3,
    nondet_tol: options.nondet_tol ?? 0,
    check_grad_dtypes: options.check_grad_dtypes ?? false,
  }
  requireInputs(inputs)
  try {
    const results = fn(inputs)
    const outputs = requiringGrad(results)
    requireStrided(outputs, 'output')
    const compare = fast_mode ? compareFast : compareAll
    if (results.some((output) => output.is_complex())) {
      const complex = outputs.flatMap((output, i) => (output.is_complex() ? [i] : []))
      for (const part of ['imaginary', 'real'] as const) {
        const take = part === 'real' ? aten.real : aten.imag
        const half: ListFunction = (given) => fn(given).map((o) => (o.is_complex() ? take(o) : o))
        compare({ fn: half, inputs, limits, complex: { part, outputs: complex } })
      }
    } else {
      compare({ fn, inputs, limits, complex: null })
    }
    if (outputs.length > 0) checkZeroGradients(outputs, inputs)
    if (outputs.length > 0 && check_undefined_grad) checkUndefinedGradients(fn, inputs)
    return true
  } catch (error) {
    if (!raise_exception && error instanceof GradcheckError) return false
    throw error
  }
}

export interface GradgradcheckOptions extends GradcheckOptions {
  /** Draw gradients of the outputs that do not lie in order, where none are given. */
  gen_non_contig_grad_outputs?: boolean
}

/**
 * torch.autograd.gradgradcheck: `gradcheck` of the gradients themselves, with respect to `inputs` and `grad_outputs`
 * (drawn from [-1, 1) when null).
 *
 * @throws GradcheckError
 */
export function gradgradcheck(
  func: (input: Tensor) => Outputs,
  inputs: Tensor,
  grad_outputs?: Outputs | null,
  options?: GradgradcheckOptions,
): boolean
export function gradgradcheck<Inputs extends readonly unknown[] | []>(
  func: (...inputs: [...Inputs]) => Outputs,
  inputs: Inputs,
  grad_outputs?: Outputs | null,
  options?: GradgradcheckOptions,
): boolean
export function gradgradcheck(
  func: (...inputs: never[]) => Outputs,
  inputs: unknown,
  grad_outputs: Outputs | null = null,
  options: GradgradcheckOptions = {},
): boolean {
  const names = [...keywords, 'gen_non_contig_grad_outputs'] as const
  const { gen_non_contig_grad_outputs: noncontiguous, ...given } = named<GradgradcheckOptions>(
    'gradgradcheck()',
    [options],
    [],
    names,
  )
  const fn = listFunction(func)
  const list = asList<unknown>(inputs)
  const draw = (output: Tensor) => {
    const dtype = output.is_floating_point() || output.is_complex() ? output.dtype : float64
    const range = { low: -1, high: 1, requires_grad: true, noncontiguous }
    return make_tensor(output.shape, { dtype, device: output.device, ...range })
  }
  const gradients = grad_outputs === null ? requiringGrad(fn(list)).map(draw) : asList<Tensor>(grad_outputs)
  const positions = checkedInputs(list).map(([i]) => i)
  const gradientsOf: ListFunction = (values) => {
    const ours = values.slice(0, list.length)
    const outputs = requiringGrad(fn(ours))
    const checked = positions.map((i) => ours[i] as Tensor)
    const theirs = values.slice(list.length) as Tensor[]
    const found = grad(outputs, checked, { grad_outputs: theirs, create_graph: true, allow_unused: true })
    return found.filter((gradient) => gradient !== null)
  }
  return check(gradientsOf, [...list, ...gradients], given)
}

function requireInputs(inputs: readonly unknown[]): void {
  const checked = checkedInputs(inputs)
  if (checked.length === 0) {
    throw new ArgumentError(
      'gradcheck expects at least one input tensor to require gradient, but none of them have requires_grad=True.',
      { hint: 'pass tensors made with { dtype: torch.float64, requires_grad: true }' },
    )
  }
  requireStrided(inputs.filter(isTensor), 'input')
  for (const [i, input] of checked) {
    if (input.dtype !== float64 && input.dtype !== complex128) {
      process.emitWarning(
        `Input #${i} requires gradient and is not a double precision floating point or complex. This check will likely fail if all the inputs are not of double precision floating point or complex.`,
        'UserWarning',
      )
    }
    if (input.shape.some((size, d) => size > 1 && input.stride(d) === 0)) {
      throw new ArgumentError(
        `The ${i}th input has a dimension with stride 0. gradcheck only supports inputs that are non-overlapping to be able to compute the numerical gradients correctly.`,
        { hint: 'call contiguous() on the input first' },
      )
    }
  }
}

function requireStrided(tensors: readonly Tensor[], what: string): void {
  const other = tensors.find(({ layout }) => layout !== 'torch.strided')
  if (!other) return
  throw new ArgumentError(`gradcheck takes strided tensors, found an ${what} of layout ${other.layout}`, {
    hint: `check the function with a dense ${what}: to_dense()`,
  })
}
