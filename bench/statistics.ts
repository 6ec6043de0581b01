/** What a sample of times is summed up by. */

export interface Summary {
  min: number
  median: number
  /** Half of the times lie within this part of the median: interquartile range / median. */
  spread: number
  /** Size of the sample. */
  count: number
}

/** The value below which `part` of the sample lies, interpolated. @throws RangeError for an empty sample. */
export function quantile(sample: readonly number[], part: number): number {
  const sorted = [...sample].sort((a, b) => a - b)
  const place = part * (sorted.length - 1)
  const below = sorted[Math.floor(place)]
  const above = sorted[Math.ceil(place)]
  if (below === undefined || above === undefined) throw new RangeError('an empty sample has no quantile')
  return below + (above - below) * (place - Math.floor(place))
}

export const median = (sample: readonly number[]): number => quantile(sample, 0.5)

export function summarize(sample: readonly number[]): Summary {
  const middle = median(sample)
  return {
    min: quantile(sample, 0),
    median: middle,
    spread: (quantile(sample, 0.75) - quantile(sample, 0.25)) / middle,
    count: sample.length,
  }
}
