import { ArgumentError, ShapeError } from '../errors.js'

/** Numbers: an array, or what `tensor.toTypedArray()` gives for a float tensor. */
export type Values = ArrayLike<number>

/**
 * Pearson's correlation, -1 to 1; NaN where one side is constant. The statistic of `scipy.stats.pearsonr`.
 *
 * @throws ShapeError for lists of different lengths or fewer than two values, ArgumentError for what is no finite number.
 */
export function pearsonr(x: Values, y: Values): number {
  const [a, b] = pairValues(x, y)
  return correlation(a, b)
}

/**
 * Spearman's rank correlation, -1 to 1; equal values share the mean of their ranks. The statistic of
 * `scipy.stats.spearmanr`.
 *
 * @throws as `pearsonr`
 */
export function spearmanr(x: Values, y: Values): number {
  const [a, b] = pairValues(x, y)
  return correlation(rankdata(a), rankdata(b))
}

/** Ranks from 1 on, `scipy.stats.rankdata` with its default method 'average'. */
export function rankdata(values: Values): Float64Array {
  const order = Uint32Array.from({ length: values.length }, (_, i) => i)
  const at = (position: number) => values[order[position] as number] as number
  order.sort((i, j) => (values[i] as number) - (values[j] as number))
  const ranks = new Float64Array(values.length)
  for (let start = 0; start < order.length; ) {
    let end = start + 1
    while (end < order.length && at(end) === at(start)) end++
    for (let i = start; i < end; i++) ranks[order[i] as number] = (start + 1 + end) / 2
    start = end
  }
  return ranks
}

function correlation(x: Float64Array, y: Float64Array): number {
  const [a, b] = [centred(x), centred(y)]
  const [lengthOfA, lengthOfB] = [Math.sqrt(dot(a, a)), Math.sqrt(dot(b, b))]
  if (lengthOfA === 0 || lengthOfB === 0) return Number.NaN
  const value = dot(
    a.map((v) => v / lengthOfA),
    b.map((v) => v / lengthOfB),
  )
  // Rounding may leave the interval.
  return Math.max(-1, Math.min(1, value))
}

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, i) => sum + v * (b[i] as number), 0)

function centred(values: Float64Array): Float64Array {
  // The mean of equal values may round to another number: a constant would not be seen.
  if (values.every((v) => v === values[0])) return new Float64Array(values.length)
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length
  return values.map((v) => v - mean)
}

function pairValues(x: Values, y: Values): [Float64Array, Float64Array] {
  if (x.length !== y.length) throw new ShapeError(`x has ${x.length} values, y has ${y.length}`)
  if (x.length < 2) throw new ShapeError(`a correlation needs at least two values, got ${x.length}`)
  const check = (name: string, values: Values) =>
    Float64Array.from(values, (value, i) => {
      if (Number.isFinite(value)) return value
      throw new ArgumentError(`${name}[${i}] must be a finite number, is ${value}`)
    })
  return [check('x', x), check('y', y)]
}
