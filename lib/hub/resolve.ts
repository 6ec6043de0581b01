/** A folder or a hub id, and the folder that it stands for. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

import { createByteProgress } from '../byte-progress.js'
import { HubError, HubNotFoundError, HubOfflineError } from '../errors.js'
import { filesBelow } from '../files-below.js'
import type { Progress } from '../progress.js'
import { isCommit, RepositoryCache } from './cache.js'
import { downloadFile } from './download.js'
import { hubFailure, isOutOfReach } from './failures.js'
import { checkHubOptions, type HubOptions, isInnerPath } from './options.js'
import { describeFile } from './remote-file.js'
import { isRepositoryId } from './repository-id.js'
import { fetchRevision, type Revision } from './revision.js'
import { HubSession } from './session.js'
import { type HubSettings, hubSettings, repositoryPage } from './settings.js'

/**
 * Names the files that are needed, by what there is: asked again when they are in the folder, until nothing new is
 * named. A name that the repository does not have is an error.
 *
 * @param list names all files; where no request may be sent, those that are cached
 */
export type WantedFiles = (
  has: (name: string) => Promise<boolean>,
  folder: string,
  list: () => Promise<string[]>,
) => Promise<string[]>

/** Smaller downloads are over before a bar says anything. */
const shownBytes = 5e6

/** All files that any of them names. */
export const together =
  (...parts: readonly WantedFiles[]): WantedFiles =>
  async (has, folder, list) =>
    (await Promise.all(parts.map((part) => part(has, folder, list)))).flat()

/**
 * The folder that `from_pretrained` reads: the one of this name, or, for a hub id, the snapshot in the cache, into
 * which the wanted files are downloaded if they are not there. A path that exists is never looked for on the hub, and
 * what looks like no id is returned as it is, for the reader to complain about.
 *
 * @param own replaces what the environment says
 * @throws HubError and its kinds, ArgumentError for an option that is not what it must be.
 */
export async function resolveModelFolder(
  name: string,
  options: HubOptions,
  wanted: WantedFiles,
  own: Partial<HubSettings> = {},
): Promise<string> {
  checkHubOptions(options)
  if (typeof name !== 'string' || existsSync(name) || !isRepositoryId(name)) {
    return options.subfolder ? join(name, options.subfolder) : name
  }
  const settings = { ...hubSettings(options), ...own }
  const cache = new RepositoryCache(settings.cacheDir, name, settings.repositoryType)
  if (settings.offline) return fromCache(settings, cache, name, wanted)
  const session = new HubSession(settings)
  try {
    return await fromHub(session, cache, name, wanted)
  } catch (error) {
    const failure = hubFailure(error, { id: name, settings })
    if (!isOutOfReach(error) || settings.force) throw failure
    const folder = await fromCache(settings, cache, name, wanted).catch((missing: unknown) => {
      throw missing instanceof HubOfflineError ? failure : missing
    })
    process.emitWarning(`${failure.message}\n  ${name} is taken from the cache: ${folder}`, {
      code: 'ROBERTORCH_HUB',
    })
    return folder
  } finally {
    await session.close()
  }
}

async function fromCache(
  settings: HubSettings,
  cache: RepositoryCache,
  id: string,
  wanted: WantedFiles,
): Promise<string> {
  const { cacheDir, revision, subfolder } = settings
  const hint =
    settings.repositoryType === 'model'
      ? `with a network and without HF_HUB_OFFLINE and local_files_only, \`robertorch download ${id}\` brings it`
      : 'run it once with a network and without HF_HUB_OFFLINE and local_files_only'
  const commit = cache.commitOf(revision)
  if (commit === undefined || !existsSync(cache.snapshot(commit))) {
    throw new HubOfflineError(
      `${id} at ${revision} is not in the cache ${cacheDir}, and no request may be sent`,
      {
        hint: `${hint}; a folder can be written ./${id}`,
      },
    )
  }
  const folder = join(cache.snapshot(commit), subfolder)
  const has = async (name: string) => cache.has(commit, inRepository(subfolder, name))
  const list = async () => filesBelow(folder)
  const missing: string[] = []
  for (const name of await wanted(has, folder, list)) if (!(await has(name))) missing.push(name)
  if (missing.length > 0) {
    throw new HubOfflineError(`the cache ${cacheDir} has of ${id} at ${revision} no ${missing.join(', ')}`, {
      hint,
    })
  }
  return folder
}

async function fromHub(
  session: HubSession,
  cache: RepositoryCache,
  id: string,
  wanted: WantedFiles,
): Promise<string> {
  const { revision, subfolder, force } = session.settings
  let asked: Promise<Revision> | undefined
  const ask = () => {
    asked ??= fetchRevision(session, id, revision)
    return asked
  }
  // A commit never changes: what is cached of it needs no request.
  const commit = isCommit(revision) ? revision : (await ask()).commit
  const has = async (name: string) => {
    const path = inRepository(subfolder, name)
    if (cache.has(commit, path)) return true
    if (cache.isKnownAbsent(commit, path)) return false
    const found = (await ask()).files.has(path)
    if (!found) await cache.markAbsent(commit, path)
    return found
  }
  const list = async () => {
    const inside = subfolder === '' ? '' : `${subfolder}/`
    const files = [...(await ask()).files].filter((path) => path.startsWith(inside))
    return files.map((path) => path.slice(inside.length))
  }
  const folder = join(cache.snapshot(commit), subfolder)
  const brought = new Set<string>()
  for (;;) {
    const paths = (await wanted(has, folder, list)).map((name) => inRepository(subfolder, name))
    const needed = paths.filter((path) => !brought.has(path) && (force || !cache.has(commit, path)))
    if (needed.length === 0) break
    await bring(session, cache, id, { commit, files: (await ask()).files }, [...new Set(needed)])
    for (const path of needed) brought.add(path)
  }
  // Last, so that a branch never stands for a snapshot that is only begun.
  await cache.writeRef(revision, commit)
  return folder
}

const inRepository = (subfolder: string, name: string) => (subfolder === '' ? name : `${subfolder}/${name}`)

async function bring(
  session: HubSession,
  cache: RepositoryCache,
  id: string,
  { commit, files }: Revision,
  paths: readonly string[],
): Promise<void> {
  const { revision, output } = session.settings
  const unsafe = paths.find((path) => !isInnerPath(path))
  if (unsafe !== undefined) {
    throw new HubError(`${id} names the file ${JSON.stringify(unsafe)}, which is no path inside a repository`)
  }
  const absent = paths.filter((path) => !files.has(path))
  if (absent.length > 0) {
    throw new HubNotFoundError(`${id} at ${revision} has no ${absent.join(', ')}`, {
      hint: `${repositoryPage(session.settings, id)}/tree/${revision} shows its files; they may be in a subfolder, or of another framework`,
    })
  }
  const described = await Promise.all(paths.map((path) => describeFile(session, id, commit, path)))
  const total = described.reduce((sum, { size }) => sum + size, 0)
  const progress: Progress | undefined =
    output !== undefined && total >= shownBytes
      ? createByteProgress(`downloading ${id}`, total, output)
      : undefined
  let before = 0
  try {
    for (const file of described) {
      const start = before
      await downloadFile(session, cache, file, {
        update: (done) => progress?.update(start + done),
        stop() {},
      })
      before += file.size
    }
  } finally {
    progress?.stop()
  }
}
