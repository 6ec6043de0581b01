/** Lines of a text file. */

import { corruptRow } from '../corrupt-row.js'
import { openBytes, readFailure } from './bytes.js'

/** A line without its end. */
export interface Line {
  readonly text: string
  /** From 1 on. */
  readonly number: number
}

const LF = 10
const CR = 13
/** A line of more bytes is refused: a file without line ends would be read into memory as a whole. */
const longestLine = 256 * 2 ** 20

/**
 * Lines that end with `\n` or `\r\n`, as UTF-8; a byte order mark at the start is left out. One piece of the file and one
 * line are in memory. (Node's readline also cuts at U+2028, which may stand inside of a JSON text.)
 *
 * @throws DatasetError for a file that cannot be read, CorruptRowError for a line that is not UTF-8 or too long.
 */
export async function* readLines(path: string, limit = longestLine): AsyncGenerator<Line> {
  const bytes = await openBytes(path)
  let number = 0
  let pieces: Buffer[] = []
  let length = 0
  const finish = (): Line => {
    const line = Buffer.concat(pieces)
    pieces = []
    length = 0
    return decode(line, path, ++number)
  }
  const collect = (piece: Buffer) => {
    length += piece.length
    if (length > limit) {
      throw corruptRow({ file: path, row: number + 1 }, `the line has more than ${limit} bytes`)
    }
    pieces.push(piece)
  }
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      let start = 0
      for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
        collect(chunk.subarray(start, end))
        yield finish()
        start = end + 1
      }
      if (start < chunk.length) collect(chunk.subarray(start))
    }
    if (length > 0) yield finish()
  } catch (error) {
    throw readFailure(error, path)
  } finally {
    bytes.destroy()
  }
}

function decode(line: Buffer, file: string, number: number): Line {
  const end = line.at(-1) === CR ? line.length - 1 : line.length
  try {
    // Only the first line may begin with a byte order mark; elsewhere U+FEFF is a character.
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: number > 1 })
    return { text: decoder.decode(line.subarray(0, end)), number }
  } catch (error) {
    throw corruptRow({ file, row: number }, 'the line is not UTF-8', error, 'convert the file to UTF-8')
  }
}
