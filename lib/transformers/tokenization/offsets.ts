/** Unit of character positions: JavaScript's string index, or Python's. */
export type OffsetUnit = 'utf16' | 'codepoint'

const HIGH_SURROGATE = /[\ud800-\udbff]/

/**
 * UTF-16 index of every code point of `text` and of its end, so that `text.slice(map[start], map[end])` is what
 * Python's `text[start:end]` is. Undefined when both units agree.
 */
export function utf16Indices(text: string): Uint32Array | undefined {
  if (!HIGH_SURROGATE.test(text)) return undefined
  const indices = new Uint32Array(text.length + 1)
  let points = 0
  let units = 0
  for (const character of text) {
    indices[points++] = units
    units += character.length
  }
  indices[points] = units
  return indices.subarray(0, points + 1)
}
