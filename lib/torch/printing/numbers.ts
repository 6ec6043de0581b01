/** Numbers as Python's format() writes them: ties round to even, where JavaScript rounds them away from zero. */

const isOdd = (digit: string | undefined) => Number(digit) % 2 === 1

const special = (value: number) => (Number.isNaN(value) ? 'nan' : value < 0 ? '-inf' : 'inf')

const signed = (value: number, text: string) => (value < 0 || Object.is(value, -0) ? `-${text}` : text)

/** Python's `f'{value:.{precision}f}'`. */
export function fixed(value: number, precision: number): string {
  if (!Number.isFinite(value)) return special(value)
  const size = Math.abs(value)
  // Number.prototype.toFixed turns to exponents there.
  if (size >= 1e21) {
    return signed(value, `${BigInt(size)}${precision > 0 ? `.${'0'.repeat(precision)}` : ''}`)
  }
  // A tie is an odd multiple of 2^-(precision + 1): its last digit is the 5 at precision + 1.
  const halves = size * 2 ** (precision + 1)
  if (Number.isInteger(halves) && halves % 2 === 1) {
    const exact = size
      .toFixed(precision + 1)
      .slice(0, -1)
      .replace(/\.$/, '')
    if (!isOdd(exact.at(-1))) return signed(value, exact)
  }
  return signed(value, size.toFixed(precision))
}

/** Python's `f'{value:.{precision}e}'`. */
export function scientific(value: number, precision: number): string {
  if (!Number.isFinite(value)) return special(value)
  const size = Math.abs(value)
  let text = size.toExponential(precision)
  const [digits, exponent] = size.toExponential(100).split('e') as [string, string]
  // A double this close to a tie and yet none would need more than a hundred digits to tell.
  const kept = digits.slice(0, precision === 0 ? 1 : precision + 2)
  const rest = digits.slice(kept.length).replace('.', '')
  if (/^50*$/.test(rest) && !isOdd(kept.at(-1))) text = `${kept}e${exponent}`
  return signed(value, text.replace(/e([+-])(\d)$/, 'e$10$2'))
}
