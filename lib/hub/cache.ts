/**
 * The cache of Python's huggingface_hub, folder by folder the same: a file is downloaded once, whoever asks for it.
 *
 *     models--ORG--NAME/blobs/ETAG                  contents
 *     models--ORG--NAME/refs/REVISION               the commit that a branch or tag had when it was last asked for
 *     models--ORG--NAME/snapshots/COMMIT/FILE       relative links to the contents
 *     models--ORG--NAME/.no_exist/COMMIT/FILE       empty: the commit has no such file
 *     .locks/models--ORG--NAME/
 *
 * Data sets lie beside the models, in `datasets--ORG--NAME`.
 */

import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { copyFile, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'

import { writeAtomically } from '../atomic-write.js'
import { acquireLock } from '../file-lock.js'
import type { HubSettings } from './settings.js'

/** Whoever runs the same again after a crash should not wait for long. */
const staleMs = 10_000

const noLinkCodes = /^(EPERM|EACCES|ENOSYS|ENOTSUP|EOPNOTSUPP)$/

export const isCommit = (revision: string): boolean => /^[0-9a-f]{40}$/.test(revision)

export class RepositoryCache {
  readonly #name: string

  constructor(
    readonly cacheDir: string,
    id: string,
    type: HubSettings['repositoryType'] = 'model',
  ) {
    this.#name = [`${type}s`, ...id.split('/')].join('--')
  }

  get folder(): string {
    return join(this.cacheDir, this.#name)
  }

  blob(etag: string): string {
    return join(this.folder, 'blobs', etag)
  }

  /**
   * Where a download grows. Python appends to `ETAG.incomplete` under a lock that Node.js has no call for (flock), so
   * this is another file: both may fetch the same content at the same time, and the last rename wins.
   */
  partial(etag: string): string {
    return join(this.folder, 'blobs', `${etag}.robertorch.incomplete`)
  }

  snapshot(commit: string): string {
    return join(this.folder, 'snapshots', commit)
  }

  /** The commit of a revision, as far as is known here. */
  commitOf(revision: string): string | undefined {
    if (isCommit(revision)) return revision
    const path = join(this.folder, 'refs', revision)
    const commit = existsSync(path) ? readFileSync(path, 'utf8').trim() : ''
    return isCommit(commit) ? commit : undefined
  }

  async writeRef(revision: string, commit: string): Promise<void> {
    if (revision === commit || this.commitOf(revision) === commit) return
    const path = join(this.folder, 'refs', revision)
    await mkdir(dirname(path), { recursive: true })
    await writeAtomically(path, (temporary) => writeFile(temporary, commit))
  }

  /** Whether a file is there; a link whose content was removed does not count. */
  has(commit: string, file: string): boolean {
    return existsSync(join(this.snapshot(commit), file))
  }

  isKnownAbsent(commit: string, file: string): boolean {
    return existsSync(join(this.folder, '.no_exist', commit, file))
  }

  async markAbsent(commit: string, file: string): Promise<void> {
    const path = join(this.folder, '.no_exist', commit, file)
    try {
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, '')
    } catch {
      // It only saves a request the next time; a cache that others filled need not be ours to write.
    }
  }

  /** Waits for other processes that bring the same content. */
  async lock(etag: string, options: { onWait: () => void; onLost: (error: Error) => void }) {
    const folder = join(this.cacheDir, '.locks', this.#name)
    await mkdir(folder, { recursive: true })
    // Python's lock is a file, ETAG.lock; a folder of that name would stop it.
    return acquireLock(this.blob(etag), {
      path: join(folder, `${etag}.robertorch.lock`),
      staleMs,
      ...options,
    })
  }

  /**
   * Makes a content visible as a file of a snapshot, in one step.
   *
   * @param isNew nothing else can link to the content
   */
  async link(commit: string, file: string, etag: string, isNew: boolean): Promise<void> {
    const path = join(this.snapshot(commit), file)
    const blob = this.blob(etag)
    await mkdir(dirname(path), { recursive: true })
    const temporary = join(dirname(path), `.${randomUUID()}.tmp`)
    try {
      await symlink(relative(dirname(path), blob), temporary).catch((error) => {
        // Windows and some disks have no links, or not for everyone; Python puts the file itself there, too.
        if (!noLinkCodes.test(error.code)) throw error
        return isNew ? rename(blob, temporary) : copyFile(blob, temporary)
      })
      await rename(temporary, path)
    } finally {
      await rm(temporary, { force: true })
    }
  }
}
