/** Scores of spans (named entities), with names and results of Python's seqeval. */

export { type Chunk, get_entities } from './default-spans.js'
export { classification_report, type SpanReportOptions, type SpanReportRow } from './report.js'
export { auto_detect, type Scheme } from './schemes.js'
export {
  type AveragedSpanOptions,
  accuracy_score,
  f1_score,
  precision_score,
  recall_score,
  type SpanOptions,
} from './scores.js'
export type { TagSequences } from './sequences.js'
