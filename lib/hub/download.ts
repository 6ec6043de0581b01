/** One file of the hub into the cache: whole and visible, or not there. */

import { existsSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

import { HubCacheError, HubError } from '../errors.js'
import type { Progress } from '../progress.js'
import { sha256Of } from '../sha256.js'
import { sizeOf, transfer } from '../transfer.js'
import type { RepositoryCache } from './cache.js'
import { type RemoteFile, readEtag } from './remote-file.js'
import type { HubSession } from './session.js'

/**
 * Several processes may call this for the same file: one works, the others wait.
 *
 * @throws HubError for other bytes than the hub promised, HubCacheError for too small a disk; AnswerError and the errors
 *   of connection and disk when all retries are over, with what came kept for the next time.
 */
export async function downloadFile(
  session: HubSession,
  cache: RepositoryCache,
  file: RemoteFile,
  progress: Progress,
): Promise<void> {
  const { force, output } = session.settings
  const { etag, commit, path, size } = file
  const lost = new AbortController()
  const release = await cache.lock(etag, {
    onWait: () => output?.write(`another process is downloading ${path}; waiting for it\n`),
    onLost: (cause) => lost.abort(lostLock(path, cause)),
  })
  try {
    if (force || !cache.has(commit, path)) {
      const isNew = force || !existsSync(cache.blob(etag))
      if (isNew) await fill(session, cache, file, progress, lost.signal)
      await cache.link(commit, path, etag, isNew)
    }
    progress.update(size)
  } finally {
    // A lock that is lost cannot be given back; the error that is on its way says more.
    await release().catch(() => undefined)
  }
}

async function fill(
  session: HubSession,
  cache: RepositoryCache,
  { etag, size, url, path, isSha256 }: RemoteFile,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const { settings, dispatcher, headers } = session
  const partial = cache.partial(etag)
  await mkdir(dirname(partial), { recursive: true })
  if (settings.force) await rm(partial, { force: true })
  await requireSpace(session, cache, size - (await sizeOf(partial)))

  let had = await sizeOf(partial)
  const progressed = async () => {
    const before = had
    had = await sizeOf(partial)
    return had > before
  }
  const work = () =>
    transfer(partial, url, {
      dispatcher,
      headers,
      progress,
      size,
      answerMs: settings.answerMs,
      signal,
      // A content network has ETags of its own; there the checksum tells.
      isExpected: isSha256 ? undefined : (answer) => readEtag(answer.etag) === etag,
    })
  await session.retry(work, progressed)
  if (size === 0) await (await open(partial, 'a')).close()

  if (isSha256) {
    const found = await sha256Of(partial)
    if (found !== etag) {
      await rm(partial)
      throw new HubError(`${path} has SHA-256 ${found}, expected ${etag}; it was removed`, {
        hint: 'run the same again; if it happens twice, a proxy or mirror alters the file: look at HF_ENDPOINT',
      })
    }
  }
  const written = await open(partial, 'r+')
  try {
    await written.sync()
  } finally {
    await written.close()
  }
  signal.throwIfAborted()
  // Python may have been faster; what is there may be mapped by now, and Windows replaces no such file.
  if (!settings.force && existsSync(cache.blob(etag))) await rm(partial)
  else await rename(partial, cache.blob(etag))
}

const lostLock = (path: string, cause: Error) =>
  new HubCacheError(
    `the download of ${path} stood still for so long that another process may have taken it over`,
    {
      cause,
      hint: 'run the same again: it goes on where it stopped',
    },
  )

async function requireSpace({ settings }: HubSession, cache: RepositoryCache, needed: number): Promise<void> {
  const free = await settings.freeBytes(cache.folder)
  if (free >= needed) return
  const [missing, there] = [Math.ceil(needed / 1e6), Math.floor(free / 1e6)]
  throw new HubCacheError(
    `the cache ${cache.cacheDir} has too little space: ${missing} MB are needed, ${there} MB free`,
    { hint: 'free some space, or set HF_HOME or { cache_dir } to a folder on another disk' },
  )
}
