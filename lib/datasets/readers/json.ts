/** JSON lines, or one JSON document with a list of rows. */

import { readFile } from 'node:fs/promises'

import { DatasetError } from '../../errors.js'
import { corruptRow, shown } from '../corrupt-row.js'
import { encodeRow } from '../encode.js'
import type { Features, Row } from '../features.js'
import { readLines } from './lines.js'

/** Options of `load_dataset('json', …)`. */
export interface JsonOptions {
  /** The file is one document, the rows are the list under this name. */
  field?: string
  /** Kinds by column; names of labels become numbers. Default: found from the values. */
  features?: Features
}

/**
 * Rows of a file of JSON lines, one object each; a file that is one list of objects, or with `field` holds one, is read as
 * a whole.
 *
 * @throws DatasetError for a file that cannot be read, CorruptRowError for a line that is no JSON object or has values of
 *   other kinds than `features` says.
 */
export async function* readJson(path: string, options: JsonOptions = {}): AsyncGenerator<Row> {
  const { features, field } = options
  let isFirst = true
  const rows = field === undefined ? readLines(path) : undefined
  if (!rows) {
    yield* documentRows(path, options)
    return
  }
  for await (const { text, number } of rows) {
    if (text.trim() === '') continue
    if (isFirst && text.trimStart().startsWith('[')) {
      yield* documentRows(path, options)
      return
    }
    isFirst = false
    const place = { file: path, row: number }
    const row = requireObject(parse(text, place), place)
    yield features ? encodeRow(row, features, place) : row
  }
}

async function* documentRows(path: string, { field, features }: JsonOptions): AsyncGenerator<Row> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new DatasetError(`cannot read ${path}: ${error.message}`, { cause: error })
  })
  const whole = parse(text.replace(/^\uFEFF/, ''), { file: path })
  const rows = field === undefined ? whole : (whole as Record<string, unknown> | null)?.[field]
  if (!Array.isArray(rows)) {
    throw new DatasetError(`${path} holds no list of rows${field === undefined ? '' : ` under '${field}'`}`, {
      hint: 'field names the list in the document',
    })
  }
  for (const [i, value] of rows.entries()) {
    const place = { file: path, row: i + 1 }
    const row = requireObject(value, place)
    yield features ? encodeRow(row, features, place) : row
  }
}

function parse(text: string, place: { file: string; row?: number }): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const hint = 'a file of JSON lines holds one object per line; { field } is for one document with a list'
    throw corruptRow(place, `${(error as Error).message}: ${shown(text)}`, error, hint)
  }
}

function requireObject(value: unknown, place: { file: string; row: number }): Row {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Row
  throw corruptRow(place, `a row must be an object, is ${shown(value)}`)
}
