/** Scores of a few numbers, as NumPy computes them for Transformers' pipelines. */

export const sigmoid = (values: Iterable<number>): number[] =>
  Array.from(values, (x) => 1 / (1 + Math.exp(-x)))

export function softmax(values: Iterable<number>): number[] {
  const all = [...values]
  const highest = all.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const exponentials = all.map((x) => Math.exp(x - highest))
  const sum = exponentials.reduce((a, b) => a + b, 0)
  return exponentials.map((x) => x / sum)
}
