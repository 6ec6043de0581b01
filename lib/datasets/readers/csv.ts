/** CSV and TSV files. */

import { pipeline, Transform } from 'node:stream'

import type { Options } from 'csv-parse'

import { DatasetError } from '../../errors.js'
import { corruptRow } from '../corrupt-row.js'
import type { Features, Row } from '../features.js'
import { openBytes, readFailure } from './bytes.js'
import { castCell, columnTypes } from './cell-types.js'

/** Options of `load_dataset('csv', …)`; names of pandas where it has them. */
export interface CsvOptions {
  /** Between the cells. Default ',', in files named `.tsv` a tab. */
  sep?: string
  /** Around cells with special characters. Default '"'; null: quotes are characters as any other, as in GLUE's files. */
  quotechar?: string | null
  /** Whether the first row has the columns' names. Default: unless `column_names` are given. */
  header?: boolean
  /** Names of the columns. */
  column_names?: readonly string[]
  /** Kinds by column; other columns are left out. Default: found from the first rows. */
  features?: Features
}

/** Rows from which the kinds of columns are found. */
export const sampleRows = 10_000
/** Characters; a quote that is never closed would take the rest of the file into memory. */
const longestRecord = 64 * 2 ** 20

interface Cells {
  readonly cells: readonly string[]
  /** Number of the record's last line. */
  readonly line: number
}

/**
 * Rows of a CSV file, read in pieces. Without `features` a column whose first 10,000 cells are all numbers holds numbers,
 * one of `true` and `false` truths, and empty cells in them are null; everything else is text as it stands.
 *
 * @throws DatasetError for a file that cannot be read or has no header; CorruptRowError for a row with too many or too few
 *   cells, a quote out of place, bytes that are not UTF-8 or a cell that is not of its column's kind.
 */
export async function* readCsv(path: string, options: CsvOptions = {}): AsyncGenerator<Row> {
  const { header = options.column_names === undefined } = options
  const records = readRecords(path, options)
  try {
    const first = header ? await records.next() : undefined
    const found = first?.done === false ? first.value.cells : undefined
    const sample: Cells[] = []
    while (sample.length < sampleRows) {
      const next = await records.next()
      if (next.done) break
      sample.push(next.value)
    }
    const width = found?.length ?? sample[0]?.cells.length ?? 0
    const names = options.column_names ?? found ?? Array.from({ length: width }, (_, i) => String(i))
    requireNames(names, width, path)
    const types = columnTypes(
      names,
      sample.map(({ cells }) => cells),
      options.features,
      path,
    )
    const rowOf = ({ cells, line }: Cells): Row => {
      if (cells.length !== names.length) {
        const problem = `the row has ${cells.length} cells, there are ${names.length} columns`
        const hint =
          'a cell with quotes or separators must be quoted; quotechar: null is for files whose quotes mean nothing'
        throw corruptRow({ file: path, row: line }, problem, undefined, hint)
      }
      const row: Row = {}
      names.forEach((column, i) => {
        const type = types[i]
        if (type) row[column] = castCell(cells[i] as string, type, { file: path, row: line, column })
      })
      return row
    }
    for (const record of sample.splice(0)) yield rowOf(record)
    for await (const record of records) yield rowOf(record)
  } finally {
    await records.return(undefined)
  }
}

function requireNames(names: readonly string[], width: number, path: string): void {
  if (width === 0)
    throw new DatasetError(`${path} is empty`, { hint: 'a CSV file begins with its columns’ names' })
  if (names.length !== width) {
    throw new DatasetError(`${path} has ${width} columns, column_names has ${names.length} names`)
  }
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) {
    throw new DatasetError(`${path} has two columns '${twice}'`, {
      hint: 'pass header: true and column_names to name them yourself',
    })
  }
}

async function* readRecords(path: string, options: CsvOptions): AsyncGenerator<Cells, undefined> {
  const { sep = /\.tsv(\.gz)?$/.test(path) ? '\t' : ',', quotechar = '"' } = options
  // Loaded only now: importing the package stays quick.
  const { CsvError, parse } = await import('csv-parse')
  const parser = parse({
    delimiter: sep,
    quote: quotechar,
    escape: quotechar,
    // Each row's cells are counted here, where its line is known.
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: longestRecord,
    info: true,
  } satisfies Options)
  // Errors come out of the parser, which `for await` reads.
  pipeline(await openBytes(path), strictUtf8(path), parser, () => undefined)
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: string[]
      info: { lines: number }
    }>) {
      yield { cells: record, line: info.lines }
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw readFailure(error, path)
    const { lines } = error as Error & { lines?: number }
    const hint = "quotechar: null is for files whose quotes mean nothing, such as GLUE's"
    throw corruptRow({ file: path, row: lines }, error.message, error, hint)
  }
}

/** Bytes as text. TextDecoder leaves a byte order mark out. */
function strictUtf8(path: string): Transform {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let lines = 1
  const decode = (chunk: Buffer | undefined): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined })
    } catch (error) {
      throw corruptRow({ file: path }, `not UTF-8 after line ${lines}`, error, 'convert the file to UTF-8')
    }
  }
  return new Transform({
    decodeStrings: true,
    transform(chunk: Buffer, _, done) {
      try {
        const text = decode(chunk)
        for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++
        done(null, text)
      } catch (error) {
        done(error as Error)
      }
    },
    flush(done) {
      try {
        done(null, decode(undefined))
      } catch (error) {
        done(error as Error)
      }
    },
  })
}
