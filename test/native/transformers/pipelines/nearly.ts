/** Where two answers differ: numbers that are no whole ones may by 1e-5, all else by nothing. */
export function firstDifference(
  ours: unknown,
  theirs: unknown,
  path = 'answer',
  tolerance = 1e-5,
): string | null {
  if (typeof ours === 'number' && typeof theirs === 'number') {
    const isClose = Number.isInteger(theirs)
      ? Math.abs(ours - theirs) <= (path.endsWith('score') ? tolerance : 0)
      : Math.abs(ours - theirs) <= tolerance * Math.max(1, Math.abs(theirs))
    return isClose ? null : `${path} is ${ours}, not ${theirs}`
  }
  const areObjects = [ours, theirs].every((value) => typeof value === 'object' && value !== null)
  if (!areObjects || Array.isArray(ours) !== Array.isArray(theirs)) {
    return Object.is(ours, theirs)
      ? null
      : `${path} is ${JSON.stringify(ours)}, not ${JSON.stringify(theirs)}`
  }
  const [mine, other] = [Object.entries(ours as object), Object.entries(theirs as object)]
  const [keys, otherKeys] = [mine, other].map((entries) => entries.map(([key]) => key).join())
  if (keys !== otherKeys) return `${path} has ${keys}, not ${otherKeys}`
  for (const [i, [key, value]] of mine.entries()) {
    const found = firstDifference(value, other[i]?.[1], `${path}.${key}`, tolerance)
    if (found !== null) return found
  }
  return null
}
