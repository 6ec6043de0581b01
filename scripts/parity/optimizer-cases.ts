/** The small problems of scripts/golden/optim.py, and steps of optimizers on them. */

import { torch } from '../../lib/index.js'
import { native } from '../../lib/torch/native.js'
import type { Optimizer, OptimizerState } from '../../lib/torch/optim/index.js'
import type { Tensor } from '../../lib/torch/tensor.js'

export interface OptimizerCase {
  key: string
  class: string
  options: Record<string, unknown> & { lr: number }
  steps: number
  half: number
  /** First step in which the last parameter takes part. */
  late: number
  state_dict: OptimizerState<{ lr: number }>
}

/** Finds a tensor of the golden by its name. */
export type Lookup = (key: string) => Tensor

export type AnyOptimizer = Optimizer & { step(closure?: () => Tensor): unknown }

export interface Run {
  params: Tensor[]
  optimizer: AnyOptimizer
}

/** Indices of the parameters. */
export const indices = [0, 1, 2, 3] as const

/** A new optimizer of the case, for parameters that start from `FROM/INDEX`. */
export function makeRun(spec: OptimizerCase, lookup: Lookup, from: string): Run {
  const params = indices.map((i) => lookup(`${from}/${i}`).clone().requires_grad_())
  const groups =
    spec.class === 'LBFGS'
      ? params
      : [{ params: params.slice(0, 2) }, { params: params.slice(2), lr: spec.options.lr / 2 }]
  const Class = Reflect.get(torch.optim, spec.class) as new (...args: unknown[]) => AnyOptimizer
  return { params, optimizer: new Class(groups, spec.options) }
}

/** Does the steps from `from` up to `to`. */
export function advance(spec: OptimizerCase, lookup: Lookup, run: Run, from: number, to: number): void {
  const { params, optimizer } = run
  for (let step = from; step < to; step++) {
    const closure = () => {
      optimizer.zero_grad()
      const loss = spec.class === 'LBFGS' ? rosenbrock(params) : quadratic(params, lookup, step, spec.late)
      loss.backward()
      return loss
    }
    if (spec.class === 'LBFGS') optimizer.step(closure)
    else {
      closure()
      optimizer.step()
    }
  }
}

function quadratic(params: Tensor[], lookup: Lookup, step: number, late: number): Tensor {
  const parts = params.flatMap((param, i) => {
    if (i === params.length - 1 && step < late) return []
    const square = param.sub(lookup(`in/target/${i}`)).pow(2)
    return [lookup(`in/scale/${i}`).select(0, step).mul(0.5).mul(square).sum()]
  })
  return parts.reduce((sum, part) => sum.add(part))
}

function rosenbrock(params: Tensor[]): Tensor {
  const x = torch.cat(params.map((param) => param.reshape([-1])))
  const [next, last] = [x.narrow(0, 1, x.numel() - 1), x.narrow(0, 0, x.numel() - 1)]
  return next.sub(last.pow(2)).pow(2).mul(10).add(torch.rsub(last, 1).pow(2)).sum()
}

/** JSON in which `{ tensor: key }` stands for a tensor, with the tensors in their places. */
export function withTensors(value: unknown, lookup: Lookup): unknown {
  if (Array.isArray(value)) return value.map((item) => withTensors(item, lookup))
  if (typeof value !== 'object' || value === null) return value
  if ('tensor' in value) return lookup(value.tensor as string)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withTensors(item, lookup)]))
}

/** The way back: the value as JSON, its tensors added to `tensors` under names that begin with `key`. */
export function toTree(value: unknown, key: string, tensors: [string, Tensor][]): unknown {
  if (native.isTensor(value)) {
    tensors.push([key, value as Tensor])
    return { tensor: key }
  }
  if (Array.isArray(value)) return value.map((item, i) => toTree(item, `${key}/${i}`, tensors))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, toTree(item, `${key}/${name}`, tensors)]),
  )
}
