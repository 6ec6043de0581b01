import { ArgumentError } from '../../errors.js'
import type { Row } from '../features.js'
import { readLines } from './lines.js'

/** Options of `load_dataset('text', …)`, with the names and defaults of Python's. */
export interface TextOptions {
  /** What becomes a row: a line (default), lines up to a blank one, or the whole file. */
  sample_by?: 'line' | 'paragraph' | 'document'
}

/** Rows `{ text }` of a text file. @throws DatasetError, CorruptRowError as `readLines` */
export async function* readText(path: string, { sample_by = 'line' }: TextOptions = {}): AsyncGenerator<Row> {
  if (!['line', 'paragraph', 'document'].includes(sample_by)) {
    throw new ArgumentError(`sample_by must be 'line', 'paragraph' or 'document', is '${sample_by}'`)
  }
  let lines: string[] = []
  for await (const { text } of readLines(path)) {
    if (sample_by === 'line') yield { text }
    else if (sample_by === 'paragraph' && text === '') {
      if (lines.length > 0) yield { text: lines.join('\n') }
      lines = []
    } else lines.push(text)
  }
  if (lines.length > 0) yield { text: lines.join('\n') }
}
