import { CorruptRowError, type RowPlace } from '../errors.js'

/** The error for a row that cannot be used: where it stands, what is wrong, what to do. */
export function corruptRow(
  place: RowPlace,
  problem: string,
  cause?: unknown,
  hint?: string,
): CorruptRowError {
  const { file, row, column } = place
  const where = [
    file,
    row === undefined ? '' : `row ${row}`,
    column === undefined ? '' : `column '${column}'`,
  ]
  return new CorruptRowError(`${where.filter(Boolean).join(', ')}: ${problem}`, { ...place, cause, hint })
}

/** A value for a message, shortened. */
export function shown(value: unknown): string {
  const text = typeof value === 'bigint' ? `${value}` : (JSON.stringify(value) ?? typeof value)
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
