import { auto_detect } from './schemes.js'
import { type Average, averaged, type SpanOptions, type SpanScores, scoresOf, spanCounts } from './scores.js'
import { requireSameShape, type TagSequences } from './sequences.js'

/** Options of `classification_report`. */
export interface SpanReportOptions extends SpanOptions {
  /** Decimals of the scores. Default 2. */
  digits?: number
  /** Rows as an object and not as a text. */
  output_dict?: boolean
}

/** A row of `classification_report`, with seqeval's names. */
export interface SpanReportRow {
  precision: number
  recall: number
  'f1-score': number
  support: number
}

const averages: readonly Average[] = ['micro', 'macro', 'weighted']
const headers = ['precision', 'recall', 'f1-score', 'support']

/**
 * Scores of every type of span and their averages: a table, or with `output_dict` an object. Name, options and text of
 * seqeval's `classification_report`. In mode 'strict' the scheme is found by `auto_detect` if there is none.
 *
 * @throws ShapeError, ArgumentError for sequences or options that do not fit.
 */
export function classification_report(
  y_true: TagSequences,
  y_pred: TagSequences,
  options: SpanReportOptions & { output_dict: true },
): Record<string, SpanReportRow>
export function classification_report(
  y_true: TagSequences,
  y_pred: TagSequences,
  options?: SpanReportOptions & { output_dict?: false },
): string
export function classification_report(
  y_true: TagSequences,
  y_pred: TagSequences,
  options: SpanReportOptions = {},
): string | Record<string, SpanReportRow> {
  const { zero_division = 0, digits = 2, mode, suffix } = options
  requireSameShape(y_true, y_pred)
  const scheme = options.scheme ?? (mode === 'strict' ? auto_detect(y_true, suffix) : undefined)
  const counts = spanCounts(y_true, y_pred, { ...options, scheme })
  const types = counts.map((count): [string, SpanScores] => [count.type, scoresOf(count, zero_division)])
  const means = averages.map((average): [string, SpanScores] => [
    `${average} avg`,
    averaged(counts, average, zero_division),
  ])
  if (options.output_dict) {
    return Object.fromEntries(
      [...types, ...means].map(([name, { precision, recall, f1, support }]) => [
        name,
        { precision, recall, 'f1-score': f1, support },
      ]),
    )
  }
  const width = Math.max('weighted avg'.length, digits, ...types.map(([type]) => type.length))
  const line = ([name, { precision, recall, f1, support }]: [string, SpanScores]) =>
    row(name, [...[precision, recall, f1].map((value) => pythonFixed(value, digits)), String(support)], width)
  return [row('', headers, width), '', ...types.map(line), '', ...means.map(line), ''].join('\n')
}

const row = (name: string, cells: readonly string[], width: number) =>
  `${name.padStart(width)} ${cells.map((cell) => ` ${cell.padStart(9)}`).join('')}`

/** Python's `'{:.2f}'`: where JavaScript rounds a tie up, it rounds to the even digit. */
function pythonFixed(value: number, digits: number): string {
  const isTie = Number.isInteger(value * 2 ** (digits + 1)) && !Number.isInteger(value * 2 ** digits)
  if (!isTie) return value.toFixed(digits)
  const below = Math.floor(value * 10 ** digits)
  return ((below % 2 === 0 ? below : below + 1) / 10 ** digits).toFixed(digits)
}
