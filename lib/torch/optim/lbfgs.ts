/** torch.optim.LBFGS: a quasi-Newton method for few parameters and exact gradients (after minFunc). */

import { ArgumentError } from '../../errors.js'
import { enable_grad, no_grad } from '../modes.js'
import { native } from '../native.js'
import { operator } from '../operators.js'
import type { Tensor } from '../tensor.js'
import { Optimizer, type ParamList, requireOption } from './optimizer.js'
import { strongWolfe } from './strong-wolfe.js'

export interface LBFGSOptions {
  lr: number
  /** Iterations of one step. */
  max_iter: number
  /** Evaluations of the closure in one step; default 1.25 times `max_iter`. */
  max_eval: number
  /** Stop when no gradient is larger. */
  tolerance_grad: number
  /** Stop when loss and parameters change by less. */
  tolerance_change: number
  history_size: number
  line_search_fn: 'strong_wolfe' | null
}

/** Kept with the first parameter, for all of them. */
export type LBFGSState = {
  func_evals: number
  n_iter: number
  d?: Tensor
  t?: number | Tensor
  old_dirs?: Tensor[]
  old_stps?: Tensor[]
  ro?: Tensor[]
  H_diag?: Tensor | number
  prev_flat_grad?: Tensor
  prev_loss?: number
  al?: (Tensor | null)[]
}

const cat = operator<(tensors: Tensor[], dim: number) => Tensor>('aten::cat')
const zerosLike = operator<(tensor: Tensor) => Tensor>('aten::zeros_like')
const numberOf = (value: Tensor | number) => (typeof value === 'number' ? value : value.item())
const largest = (tensor: Tensor) => tensor.abs().max().item()

/** torch.optim.LBFGS. One group only; memory for `history_size` times twice the parameters. */
export class LBFGS extends Optimizer<LBFGSOptions, LBFGSState> {
  readonly #params: Tensor[]

  /** Defaults: lr 1, max_iter 20, tolerances 1e-7 and 1e-9, history 100, no line search. */
  constructor(params: ParamList, options: Partial<LBFGSOptions> = {}) {
    const max_iter = options.max_iter ?? 20
    super(
      params,
      {
        lr: 1,
        max_iter,
        max_eval: Math.floor((max_iter * 5) / 4),
        tolerance_grad: 1e-7,
        tolerance_change: 1e-9,
        history_size: 100,
        line_search_fn: null,
        ...options,
      },
      (group) => {
        requireOption(group.lr >= 0, 'learning rate', group.lr)
        requireOption(
          group.line_search_fn === null || group.line_search_fn === 'strong_wolfe',
          "line_search_fn, only 'strong_wolfe' or null",
          group.line_search_fn,
        )
      },
    )
    if (this.param_groups.length !== 1) {
      throw new ArgumentError(`LBFGS takes one parameter group, not ${this.param_groups.length}`)
    }
    this.#params = (this.param_groups[0] as { params: Tensor[] }).params
  }

  /**
   * Goes on until a tolerance or limit is reached.
   *
   * @param closure computes the loss and its gradients anew; it is called many times
   * @returns the loss before
   * @throws ArgumentError without a closure.
   */
  override step(): never
  override step<Loss extends Tensor | number>(closure: () => Loss): Loss
  override step<Loss extends Tensor | number>(closure?: () => Loss): Loss {
    if (typeof closure !== 'function') {
      throw new ArgumentError('LBFGS.step takes a closure that computes the loss and its gradients', {
        hint: 'optimizer.step(() => { optimizer.zero_grad(); const loss = …; loss.backward(); return loss })',
      })
    }
    return no_grad(() => this.#step(() => enable_grad(closure)))
  }

  #step<Loss extends Tensor | number>(closure: () => Loss): Loss {
    const group = this.param_groups[0] as LBFGSOptions
    const first = this.#params[0] as Tensor
    const state = this.state.get(first) ?? { func_evals: 0, n_iter: 0 }
    this.state.set(first, state)

    const originalLoss = closure()
    let loss = numberOf(originalLoss)
    let gradient = this.#flatGradient()
    let evaluations = 1
    state.func_evals++
    if (largest(gradient) <= group.tolerance_grad) return originalLoss

    for (let iteration = 1; iteration <= group.max_iter; iteration++) {
      state.n_iter++
      const direction = this.#direction(state, gradient, group.history_size)
      state.d = direction
      if (state.prev_flat_grad) state.prev_flat_grad.copy_(gradient)
      else state.prev_flat_grad = gradient.clone()
      const lossBefore = loss
      state.prev_loss = loss
      // The first direction has the gradient's length, which says nothing about a good step.
      state.t = state.n_iter === 1 ? firstRate(gradient, group.lr) : group.lr
      const slope = gradient.dot(direction).item()
      if (slope > -group.tolerance_change) break

      let used = 0
      if (group.line_search_fn === 'strong_wolfe') {
        const start = this.#params.map((param) => param.clone())
        const objective = (t: number) => {
          this.#move(t, direction)
          const value = numberOf(closure())
          const gradientThere = this.#flatGradient()
          this.#params.forEach((param, i) => {
            param.copy_(start[i] as Tensor)
          })
          return { loss: value, gradient: gradientThere }
        }
        const before = { loss, gradient, slope }
        const found = strongWolfe(objective, direction, state.t, before, group.max_eval - evaluations)
        ;({ loss, gradient } = found)
        state.t = found.t
        used = found.evaluations
        this.#move(state.t, direction)
      } else {
        this.#move(state.t, direction)
        if (iteration !== group.max_iter) {
          // The loss after the last move is the next step's to compute.
          loss = numberOf(closure())
          gradient = this.#flatGradient()
          used = 1
        }
      }
      evaluations += used
      state.func_evals += used
      if (evaluations >= group.max_eval || largest(gradient) <= group.tolerance_grad) break
      if (largest(direction.mul(state.t)) <= group.tolerance_change) break
      if (Math.abs(loss - lossBefore) < group.tolerance_change) break
    }
    return originalLoss
  }

  /** The gradient times an approximate inverse Hessian, negated, by the two-loop recursion. */
  #direction(state: LBFGSState, gradient: Tensor, historySize: number): Tensor {
    if (state.n_iter === 1) {
      Object.assign(state, { old_dirs: [], old_stps: [], ro: [], H_diag: 1 })
      return gradient.neg()
    }
    const { old_dirs, old_stps, ro } = state as Required<LBFGSState>
    const change = gradient.sub(state.prev_flat_grad as Tensor)
    const step = (state.d as Tensor).mul(numberOf(state.t as Tensor | number))
    const curvature = change.dot(step)
    if (curvature.item() > 1e-10) {
      if (old_dirs.length === historySize) for (const list of [old_dirs, old_stps, ro]) list.shift()
      old_dirs.push(change)
      old_stps.push(step)
      ro.push(curvature.reciprocal())
      state.H_diag = curvature.div(change.dot(change))
    }
    state.al ??= Array.from({ length: historySize }, () => null)
    const { al } = state
    const q = gradient.neg()
    for (let i = old_dirs.length - 1; i >= 0; i--) {
      const factor = (old_stps[i] as Tensor).dot(q).mul(ro[i] as Tensor)
      al[i] = factor
      q.add_(old_dirs[i] as Tensor, { alpha: -factor.item() })
    }
    const diagonal = state.H_diag as Tensor | number
    const direction = native.isTensor(diagonal) ? q.mul(diagonal as Tensor) : q.mul(diagonal as number)
    for (let i = 0; i < old_dirs.length; i++) {
      const factor = (old_dirs[i] as Tensor).dot(direction).mul(ro[i] as Tensor)
      direction.add_(old_stps[i] as Tensor, { alpha: (al[i] as Tensor).sub(factor).item() })
    }
    return direction
  }

  #flatGradient(): Tensor {
    return cat(
      this.#params.map((param) => (param.grad ?? zerosLike(param)).reshape([-1])),
      0,
    )
  }

  #move(t: number, direction: Tensor): void {
    let offset = 0
    for (const param of this.#params) {
      const count = param.numel()
      param.add_(direction.narrow(0, offset, count).reshape(param.shape), { alpha: t })
      offset += count
    }
  }
}

function firstRate(gradient: Tensor, lr: number): number {
  const inverse = gradient.abs().sum().reciprocal()
  return inverse.item() < 1 ? inverse.mul(lr).item() : lr
}
