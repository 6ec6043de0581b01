/** What a gradient check looks at: a function, its inputs, and what differentiates. */

import { native } from '../../native.js'
import type { Tensor } from '../../tensor.js'

/** The function with its result as a list, and only the outputs that are tensors of floating or complex numbers. */
export type ListFunction = (inputs: readonly unknown[]) => Tensor[]

export interface Limits {
  eps: number
  atol: number
  rtol: number
  nondet_tol: number
  check_grad_dtypes: boolean
}

/** Which half of complex outputs a check looks at. */
export interface ComplexPart {
  part: 'real' | 'imaginary'
  /** Positions of the complex ones among the differentiable outputs. */
  outputs: readonly number[]
}

export interface Problem {
  fn: ListFunction
  inputs: readonly unknown[]
  limits: Limits
  complex: ComplexPart | null
}

export const isTensor = (value: unknown): value is Tensor => native.isTensor(value)
export const isDifferentiable = (tensor: Tensor): boolean => tensor.is_floating_point() || tensor.is_complex()

/** Positions and tensors of the inputs whose gradients are checked. */
export const checkedInputs = (inputs: readonly unknown[]): [position: number, tensor: Tensor][] =>
  inputs.flatMap((value, i): [number, Tensor][] =>
    isTensor(value) && value.requires_grad ? [[i, value]] : [],
  )

export const requiringGrad = (outputs: readonly Tensor[]): Tensor[] =>
  outputs.filter(({ requires_grad }) => requires_grad)
