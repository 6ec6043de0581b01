/** NumPy's mean of float32 numbers, to the last bit: evaluation losses are compared between runs, here and in Python. */

const { fround } = Math

// numpy/_core/src/umath/loops_utils.h.src, pairwise_sum: eight sums side by side, halves above 128 numbers.
function pairwiseSum(values: Float32Array): number {
  const n = values.length
  if (n > 128) {
    const half = Math.floor(n / 2)
    const first = half - (half % 8)
    return fround(pairwiseSum(values.subarray(0, first)) + pairwiseSum(values.subarray(first)))
  }
  const at = (i: number) => values[i] as number
  let sum = 0
  let done = 0
  if (n >= 8) {
    const lanes = Array.from(values.subarray(0, 8))
    for (done = 8; done < n - (n % 8); done += 8) {
      for (let i = 0; i < 8; i++) lanes[i] = fround((lanes[i] as number) + at(done + i))
    }
    const [a, b, c, d, e, f, g, h] = lanes as [number, number, number, number, number, number, number, number]
    const left = fround(fround(a + b) + fround(c + d))
    sum = fround(left + fround(fround(e + f) + fround(g + h)))
  }
  for (; done < n; done++) sum = fround(sum + at(done))
  return sum
}

/** numpy.mean of a float32 array; NaN for none. */
export const float32Mean = (values: readonly number[]): number =>
  fround(pairwiseSum(Float32Array.from(values)) / values.length)
