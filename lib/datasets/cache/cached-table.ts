/** Results of `map` that are kept on disk. */

import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'

import { writeAtomically } from '../../atomic-write.js'
import { cacheFolder } from '../../cache-folder.js'
import { ArgumentError, DatasetError } from '../../errors.js'
import { packageRoot } from '../../native/paths.js'
import type { Table } from '../table.js'
import { readTable, writeTable } from './table-file.js'

/** What of a data set counts: its rows as columns, some at a time. */
interface Content {
  readonly column_names: readonly string[]
  iter(options: { batch_size: number }): Iterable<Record<string, ArrayLike<unknown>>>
}

/** Where results are kept: `datasets` in `ROBERTORCH_CACHE` or the system's place for caches. */
export const datasetCacheFolder = (): string => join(cacheFolder(), 'datasets')

/**
 * The table that was made before of the same content under the same key, or a new one, which is kept. A file that is
 * damaged is made anew, with a warning.
 *
 * @param key what the result depends on besides the content; anything that JSON can say
 * @throws DatasetError for a folder that cannot be written; what `make` throws.
 */
export async function cachedTable(
  content: Content,
  key: unknown,
  make: () => Promise<Table>,
  folder = datasetCacheFolder(),
): Promise<Table> {
  const path = join(folder, `${contentHash(content, key, await packageVersion())}.rows`)
  if (existsSync(path)) {
    try {
      return await readTable(path)
    } catch (error) {
      if (!(error instanceof DatasetError)) throw error
      process.emitWarning(`${error.message}; it is made anew`, { code: 'ROBERTORCH_CACHE' })
    }
  }
  const table = await make()
  try {
    await mkdir(folder, { recursive: true })
    await writeAtomically(path, (temporary) => writeTable(temporary, table))
  } catch (error) {
    throw new DatasetError(`the cache ${folder} cannot be written: ${(error as Error).message}`, {
      cause: error,
      hint: 'free some space, or set ROBERTORCH_CACHE or { cache_dir } to another folder; without cacheKey none is used',
    })
  }
  return table
}

// Another version may tokenize otherwise.
async function packageVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8'))
  return version
}

function contentHash(content: Content, key: unknown, version: string): string {
  const text = JSON.stringify(key)
  if (text === undefined) throw new ArgumentError('cacheKey must be something that JSON can say')
  const hash = createHash('sha256').update(`${version}\n${text}\n${JSON.stringify(content.column_names)}\n`)
  for (const columns of content.iter({ batch_size: 1000 })) {
    for (const name of content.column_names) {
      hash.update(JSON.stringify(Array.from(columns[name] as ArrayLike<unknown>), exact)).update('\n')
    }
  }
  return hash.digest('hex')
}

/** JSON without what it would lose. */
function exact(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return { bigint: String(value) }
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) {
    return { number: Object.is(value, -0) ? '-0' : String(value) }
  }
  return ArrayBuffer.isView(value) && !(value instanceof DataView) ? Array.from(value as Int32Array) : value
}
