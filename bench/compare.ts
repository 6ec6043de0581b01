/** Both sides must have computed the same before any time of theirs is worth reporting. */

/** The most by which two values may differ: what `../shared` states for logits in float32. */
export const tolerance = 1e-5

/** The largest difference of two lists of values; 0 means equal bits, as both are float32 in a wider type. */
export function largestDifference(ours: readonly number[], theirs: readonly number[]): number {
  if (ours.length !== theirs.length) return Number.POSITIVE_INFINITY
  const differences = ours.map((value, i) => Math.abs(value - (theirs[i] as number)))
  // NaN would pass for small.
  return differences.some(Number.isNaN) ? Number.POSITIVE_INFINITY : Math.max(0, ...differences)
}

/** @throws Error naming case, difference and limit. */
export function requireSame(name: string, ours: readonly number[], theirs: readonly number[]): number {
  const difference = largestDifference(ours, theirs)
  if (difference > tolerance) {
    throw new Error(
      `${name}: results differ by ${difference}, more than ${tolerance}, so no time is reported; find out with \`npm run parity\``,
    )
  }
  return difference
}
