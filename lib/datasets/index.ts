/** Data sets: Python's `datasets` as far as training needs it. */

export { type BatchesOptions, batches } from './batches.js'
export type { DataFiles } from './data-files.js'
export { Dataset, type Format } from './dataset.js'
export { ClassLabel, type Feature, type Features, List, type Row, Value, type ValueType } from './features.js'
export { IterableDataset } from './iterable-dataset.js'
export { type DatasetDict, type LoadDatasetOptions, load_dataset } from './load-dataset.js'
export type { BatchFunction, MapOptions, RowFunction } from './map.js'
export { prefetch } from './prefetch.js'
export type { CsvOptions } from './readers/csv.js'
export type { JsonOptions } from './readers/json.js'
export type { ParquetOptions } from './readers/parquet.js'
export type { TextOptions } from './readers/text.js'
export type { SplitOptions } from './split-sizes.js'
export { type ConllOptions, loadConll, type TaggedRow } from './tasks/conll.js'
export { type GlueTask, loadGlue } from './tasks/glue.js'
export { loadSick, type SickRow } from './tasks/sick.js'
export { loadSquad, type SquadRow } from './tasks/squad.js'
export {
  type DatasetTokenizer,
  type TokenizeDatasetOptions,
  tokenizeDataset,
  tokenizerFingerprint,
} from './tokenize.js'
