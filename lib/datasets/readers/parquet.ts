/** Parquet files. */

import { DatasetError } from '../../errors.js'
import type { Feature, Features, Row } from '../features.js'
import { pythonFeature } from '../python-features.js'
import { openBytes, readFailure } from './bytes.js'

/** Options of `load_dataset('parquet', …)`. */
export interface ParquetOptions {
  /** The columns that are read; default: all. */
  columns?: readonly string[]
}

/**
 * Rows of a Parquet file; one row group is in memory at a time.
 *
 * @throws DatasetError for a file that cannot be read.
 */
export async function* readParquet(path: string, { columns }: ParquetOptions = {}): AsyncGenerator<Row> {
  const { file, metadata, hyparquet } = await open(path)
  const { compressors } = await import('hyparquet-compressors')
  const known = hyparquet.parquetSchema(metadata).children.map(({ element }) => element.name)
  const missing = columns?.find((name) => !known.includes(name))
  if (missing !== undefined) {
    throw new DatasetError(`${path} has no column '${missing}': its columns are ${known.join(', ')}`)
  }
  let rowStart = 0
  for (const { num_rows } of metadata.row_groups) {
    const rowEnd = rowStart + Number(num_rows)
    const rows = await hyparquet
      .parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd, columns: columns && [...columns] })
      .catch((error: unknown) => {
        throw damaged(path, error)
      })
    for (const row of rows) yield plain(row) as Row
    rowStart = rowEnd
  }
}

/**
 * The kinds of columns that Python's `datasets` has written into the file, labels with their names among them; undefined
 * where there are none, or one that has no counterpart here.
 */
export async function parquetFeatures(
  path: string,
  { columns }: ParquetOptions = {},
): Promise<Features | undefined> {
  const { metadata } = await open(path)
  const text = metadata.key_value_metadata?.find(({ key }) => key === 'huggingface')?.value
  if (!text) return undefined
  let parsed: { info?: { features?: Record<string, unknown> } }
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    throw damaged(path, error)
  }
  const all = pythonFeature(parsed.info?.features) as Features | undefined
  return all && columns ? Object.fromEntries(columns.map((name) => [name, all[name] as Feature])) : all
}

async function open(path: string) {
  // Also says what is wrong with a path that is none.
  const probe = await openBytes(path)
  probe.destroy()
  const hyparquet = await import('hyparquet')
  try {
    const file = await hyparquet.asyncBufferFromFile(path)
    return { file, metadata: await hyparquet.parquetMetadataAsync(file), hyparquet }
  } catch (error) {
    throw damaged(path, error)
  }
}

const damaged = (path: string, error: unknown) =>
  new DatasetError(`${path} is damaged or no Parquet file: ${(error as Error).message}`, {
    cause: readFailure(error, path),
    hint: 'bring the file again',
  })

/** Numbers of 64 bits as JavaScript's where they fit. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : value
  }
  if (typeof value !== 'object' || value === null || value instanceof Date || ArrayBuffer.isView(value)) {
    return value instanceof BigInt64Array ? Array.from(value, plain) : value
  }
  if (Array.isArray(value)) return value.map(plain)
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]))
}
