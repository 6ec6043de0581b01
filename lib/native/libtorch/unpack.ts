import { createWriteStream } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'

import { type Entry, openPromise } from 'yauzl'
import { counting } from '../../byte-progress.js'
import { DownloadError } from '../../errors.js'
import type { Progress } from '../../progress.js'

/** Libraries that run time needs (Python's bindings and tests stay out), headers for building, version and licence. */
const wanted = [
  /^torch\/lib\/(lib)?(torch|torch_cpu|c10|gomp|omp|iomp5md|uv|fbgemm|asmjit)\.(so|so\.1|dylib|dll|lib)$/,
  /^torch\/include\//,
  /^torch\/version\.py$/,
  /^torch-[^/]+\.dist-info\/licenses\/(LICENSE|NOTICE)$/,
]

/** Where an entry of the wheel goes, undefined for what is not needed. Never outside of the target folder. */
export function targetOf(entry: string): string | undefined {
  if (entry.endsWith('/') || entry.split(/[/\\]/).includes('..')) return undefined
  if (!wanted.some((pattern) => pattern.test(entry))) return undefined
  return entry.startsWith('torch/') ? entry.slice('torch/'.length) : entry.slice(entry.lastIndexOf('/') + 1)
}

/**
 * Unpacks LibTorch from a wheel, streaming: nothing is held in memory whole.
 *
 * @param folder receives `lib/`, `include/`, `version.py` and `LICENSE`
 * @throws DownloadError when the wheel is damaged or the disk is full.
 */
export async function unpackWheel(wheel: string, folder: string, progress: Progress): Promise<void> {
  try {
    await unpackEntries(wheel, folder, progress)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const full = code === 'ENOSPC' || code === 'EDQUOT'
    throw new DownloadError(
      `could not unpack ${wheel} into ${folder}: ${full ? 'no space left on the disk' : message}`,
      {
        cause: error,
        hint: full
          ? 'free some space, or set ROBERTORCH_CACHE to a folder on another disk'
          : 'run the same command again',
      },
    )
  }
}

async function unpackEntries(wheel: string, folder: string, progress: Progress): Promise<void> {
  const zip = await openPromise(wheel)
  const folders = new Set<string>()
  let done = 0
  try {
    for await (const entry of zip.eachEntry()) {
      const target = targetOf(entry.fileName)
      if (target === undefined) continue
      const path = join(folder, target)
      if (!folders.has(dirname(path))) {
        await mkdir(dirname(path), { recursive: true })
        folders.add(dirname(path))
      }
      const input = await zip.openReadStreamPromise(entry)
      await pipeline(input, counting(progress, done), createWriteStream(path, { mode: modeOf(entry) }))
      done += entry.uncompressedSize
      if (!target.startsWith('include/')) await flush(path)
    }
  } finally {
    zip.close()
  }
}

/** A zip made on Unix keeps the file's mode in the upper half of this field. */
const modeOf = (entry: Entry) => (entry.externalFileAttributes >>> 16) & 0o777 || 0o644

/** Headers are not flushed one by one (9,000 files); a library cut short by a power failure would crash on loading. */
async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+')
  await file.sync()
  await file.close()
}
