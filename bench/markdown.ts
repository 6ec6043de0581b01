/** Tables and numbers as Markdown that also reads well as plain text. */

/** A table whose columns are padded to one width; all but the first are aligned to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) =>
    Math.max(title.length, 3, ...rows.map((row) => (row[i] ?? '').length)),
  )
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, i) => (i === 0 ? (cells[i] ?? '').padEnd(width) : (cells[i] ?? '').padStart(width))).join(' | ')} |`
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [line(head), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n')
}

const significant = 3

/** A number with three significant digits and no exponent: `0.00182`, `12.3`, `1234`. */
export function digits(value: number): string {
  if (value === 0) return '0'
  const decimals = Math.max(0, significant - 1 - Math.floor(Math.log10(Math.abs(value))))
  return value.toFixed(decimals)
}

export const percent = (part: number): string => `${(100 * part).toFixed(0)} %`
export const times = (ratio: number): string => `${ratio.toFixed(2)}×`
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`

/** What is shown where the system gave no number. */
export const orDash = <T>(value: T | undefined, show: (value: T) => string): string =>
  value === undefined ? '–' : show(value)

/** `a`, `a and b`, `a, b and c`. */
export function listed(parts: readonly string[]): string {
  const last = parts.at(-1) ?? ''
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`
}
