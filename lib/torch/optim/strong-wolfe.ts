/** Line search for the strong Wolfe conditions, with the constants and steps of PyTorch's LBFGS. */

import type { Tensor } from '../tensor.js'

/** Loss and flat gradient at `x + t * direction`. */
export type Objective = (t: number) => { loss: number; gradient: Tensor }

/** A step that was tried. */
interface Trial {
  t: number
  loss: number
  gradient: Tensor
  /** Derivative along the direction. */
  slope: number
}

export interface LineSearchResult {
  t: number
  loss: number
  gradient: Tensor
  evaluations: number
}

const sufficientDecrease = 1e-4
const curvature = 0.9
const tolerance = 1e-9

/**
 * Finds a step along `direction` from `start`, the point itself (t = 0), trying `firstStep` first.
 *
 * @param limit evaluations at most
 */
export function strongWolfe(
  objective: Objective,
  direction: Tensor,
  firstStep: number,
  start: Omit<Trial, 't'>,
  limit: number,
): LineSearchResult {
  const origin: Trial = { ...start, t: 0 }
  const longest = direction.abs().max().item()
  let evaluations = 0
  const evaluate = (t: number): Trial => {
    evaluations++
    const { loss, gradient } = objective(t)
    return { t, loss, gradient, slope: gradient.dot(direction).item() }
  }
  const tooHigh = ({ t, loss }: Trial) => loss > origin.loss + sufficientDecrease * t * origin.slope
  const flatEnough = ({ slope }: Trial) => Math.abs(slope) <= -curvature * origin.slope

  const found = bracket(evaluate, origin, firstStep, limit, tooHigh, flatEnough)
  if ('t' in found) return result(found, evaluations)

  let { low, high } = found.low.loss <= found.high.loss ? found : { low: found.high, high: found.low }
  let stalled = false
  for (let iteration = evaluations - 1; iteration < limit; iteration++) {
    if (Math.abs(high.t - low.t) * longest < tolerance) break
    const guess = cubicMinimum(found.low.t === low.t ? low : high, found.low.t === low.t ? high : low)
    const inside = keepInside(guess, low.t, high.t, stalled)
    stalled = inside.stalled
    const trial = evaluate(inside.t)
    if (tooHigh(trial) || trial.loss >= low.loss) {
      high = trial
      if (high.loss < low.loss) [low, high] = [high, low]
      continue
    }
    if (flatEnough(trial)) return result(trial, evaluations)
    if (trial.slope * (high.t - low.t) >= 0) high = low
    low = trial
  }
  return result(low, evaluations)
}

const result = ({ t, loss, gradient }: Trial, evaluations: number): LineSearchResult => ({
  t,
  loss,
  gradient,
  evaluations,
})

/** A step that will do, or two between which one lies. */
function bracket(
  evaluate: (t: number) => Trial,
  origin: Trial,
  firstStep: number,
  limit: number,
  tooHigh: (trial: Trial) => boolean,
  flatEnough: (trial: Trial) => boolean,
): Trial | { low: Trial; high: Trial } {
  let previous = origin
  let trial = evaluate(firstStep)
  for (let iteration = 0; iteration < limit; iteration++) {
    if (tooHigh(trial) || (iteration > 1 && trial.loss >= previous.loss))
      return { low: previous, high: trial }
    if (flatEnough(trial)) return trial
    if (trial.slope >= 0) return { low: previous, high: trial }
    const bounds: [number, number] = [trial.t + 0.01 * (trial.t - previous.t), trial.t * 10]
    const next = cubicMinimum(previous, trial, bounds)
    previous = trial
    trial = evaluate(next)
  }
  return { low: origin, high: trial }
}

/** Too near an end of the bracket twice running: a tenth of its width away from it. */
function keepInside(t: number, a: number, b: number, stalled: boolean): { t: number; stalled: boolean } {
  const [min, max] = [Math.min(a, b), Math.max(a, b)]
  const margin = 0.1 * (max - min)
  if (Math.min(max - t, t - min) >= margin) return { t, stalled: false }
  if (!stalled && t < max && t > min) return { t, stalled: true }
  return { t: Math.abs(t - max) < Math.abs(t - min) ? max - margin : min + margin, stalled: false }
}

/** Minimum of the cubic through two trials and their slopes, within bounds. */
function cubicMinimum(a: Trial, b: Trial, bounds?: [number, number]): number {
  const [min, max] = bounds ?? [Math.min(a.t, b.t), Math.max(a.t, b.t)]
  const d1 = a.slope + b.slope - (3 * (a.loss - b.loss)) / (a.t - b.t)
  const square = d1 ** 2 - a.slope * b.slope
  if (!(square >= 0)) return (min + max) / 2
  const d2 = Math.sqrt(square)
  const position =
    a.t <= b.t
      ? b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
      : a.t - (a.t - b.t) * ((a.slope + d2 - d1) / (a.slope - b.slope + 2 * d2))
  return Math.min(Math.max(position, min), max)
}
