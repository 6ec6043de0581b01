import { constants, existsSync } from 'node:fs'
import { access, chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import process from 'node:process'
import { createByteProgress } from '../../byte-progress.js'
import { DownloadError } from '../../errors.js'
import { acquireLock } from '../../file-lock.js'
import { freeBytes as freeBytesOf } from '../../free-bytes.js'
import type { Progress, ProgressOutput } from '../../progress.js'
import { sizeOf } from '../../transfer.js'
import { requireSupportedHost } from '../platform.js'
import { cachedLibtorch } from './cache.js'
import { download, requireChecksum, wheelUrl } from './download.js'
import { inspectLibtorch } from './inspect.js'
import { findPip, pipDownload } from './pip.js'
import { type Wheel, wheelFor } from './release.js'
import { unpackWheel } from './unpack.js'

/** Options of {@link installLibtorch}. Everything has a default; tests pass their own wheel and environment. */
export interface InstallOptions {
  env?: NodeJS.ProcessEnv
  /** Where progress and messages go. */
  output?: ProgressOutput
  wheel?: Wheel
  /** Bytes free on the disk of a folder. */
  freeBytes?: (folder: string) => Promise<number>
}

/** Thousands of small headers take whole blocks of the disk each. */
const roundedToBlocks = 1.1

const pipPrefix = 'pip-'
const newSuffix = '.new-'

/**
 * Puts LibTorch into the user cache: by pip where there is one, else from the PyTorch project's download site (or
 * `ROBERTORCH_LIBTORCH_MIRROR`, which then goes first and alone). Does nothing when it is there already.
 *
 * Several processes may call this at once: one works, the others wait. The folder appears by one rename, complete.
 *
 * @returns the folder that has `lib/` and `include/` in it.
 * @throws BuildError on a platform without a pinned wheel.
 * @throws DownloadError when no way leads to the wheel, its checksum differs, or the disk is full.
 */
export async function installLibtorch(options: InstallOptions = {}): Promise<string> {
  const { env = process.env, output = process.stderr, freeBytes = freeBytesOf } = options
  const folder = cachedLibtorch(env)
  if (existsSync(folder)) return folder
  if (options.wheel === undefined) requireSupportedHost()
  const wheel = options.wheel ?? wheelFor()

  await makeCache(dirname(folder))
  const release = await acquireLock(folder, {
    onWait: () => output.write(`another process is fetching LibTorch into ${folder}; waiting for it\n`),
  })
  try {
    if (existsSync(folder)) return folder
    await removeLeftovers(folder)
    await requireSpace(dirname(folder), wheel, freeBytes)
    const file = await obtain(wheel, dirname(folder), env, output)
    await place(file, folder, wheel, output)
    await rm(file)
    return folder
  } finally {
    await release()
  }
}

async function makeCache(cache: string): Promise<void> {
  try {
    await mkdir(cache, { recursive: true })
    await access(cache, constants.W_OK)
  } catch (error) {
    throw new DownloadError(`cannot write to the cache folder ${cache}: ${(error as Error).message}`, {
      cause: error,
      hint: 'set ROBERTORCH_CACHE to a folder that you may write to',
    })
  }
}

/** What a killed process left behind; whoever holds the lock is alone, so nobody is using it. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(dirname(folder))) {
    if (!name.startsWith(pipPrefix) && !name.startsWith(basename(folder) + newSuffix)) continue
    await rm(join(dirname(folder), name), { recursive: true, force: true })
  }
}

async function requireSpace(cache: string, wheel: Wheel, freeBytes: (folder: string) => Promise<number>) {
  const needed = wheel.size + wheel.unpackedSize * roundedToBlocks
  const free = await freeBytes(cache)
  if (free >= needed) return
  const megabytes = (bytes: number) => Math.round(bytes / 1e6)
  throw new DownloadError(
    `not enough disk space in ${cache}: LibTorch needs ${megabytes(needed)} MB, ${megabytes(free)} MB are free`,
    { hint: 'free some space, or set ROBERTORCH_CACHE to a folder on another disk' },
  )
}

/** One way to a wheel. */
interface Way {
  by: string
  /** What an error names. */
  address: string
  /** Returns why it did not work, undefined when the wheel is in place. */
  get: (progress: Progress) => Promise<string | undefined>
}

/** Brings the checked wheel into the cache, by pip or from the download site. */
async function obtain(
  wheel: Wheel,
  cache: string,
  env: NodeJS.ProcessEnv,
  output: ProgressOutput,
): Promise<string> {
  const file = join(cache, wheel.fileName)
  const reasons: string[] = []
  if ((await sizeOf(file)) === 0) {
    const pip = env.ROBERTORCH_LIBTORCH_MIRROR ? undefined : findPip(env)
    const url = wheelUrl(wheel.fileName, env)
    if (!URL.canParse(url)) {
      throw new DownloadError(`ROBERTORCH_LIBTORCH_MIRROR is not a URL: ${env.ROBERTORCH_LIBTORCH_MIRROR}`, {
        hint: 'give it as https://host/path, the folder that holds the wheel',
      })
    }
    const site: Way = {
      by: new URL(url).host,
      address: url,
      get: (progress) => download(url, file, progress),
    }
    const ways = pip === undefined ? [site] : [pipWay(pip, wheel, file, env), site]
    for (const { by, address, get } of ways) {
      const progress = createByteProgress(`fetching LibTorch (${by})`, wheel.size, output)
      const reason = await get(progress).finally(() => progress.stop())
      if (reason === undefined) break
      reasons.push(`${address}: ${reason}`)
    }
    if (reasons.length === ways.length) throw unreachable(wheel, reasons)
  }
  await requireChecksum(file, wheel.sha256)
  return file
}

function unreachable(wheel: Wheel, reasons: readonly string[]): DownloadError {
  return new DownloadError(`could not fetch ${wheel.fileName}\n  ${reasons.join('\n  ')}`, {
    hint:
      'check the network, HTTPS_PROXY and pip config, then run the same command again (it goes on where it stopped); ' +
      'or set ROBERTORCH_LIBTORCH_MIRROR to a server that has the file; or unzip the wheel yourself and set ' +
      'ROBERTORCH_LIBTORCH to its torch folder',
  })
}

function pipWay(pip: readonly string[], wheel: Wheel, file: string, env: NodeJS.ProcessEnv): Way {
  const get = async (progress: Progress) => {
    const folder = await mkdtemp(join(dirname(file), pipPrefix))
    try {
      const reason = await pipDownload(pip, wheel, folder, progress, env)
      if (reason === undefined) await rename(join(folder, wheel.fileName), file)
      return reason
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  return { by: 'pip', address: pip.join(' '), get }
}

/** Unpacks beside the final folder and renames: whoever sees the folder sees all of it. */
async function place(file: string, folder: string, wheel: Wheel, output: ProgressOutput): Promise<void> {
  const temporary = await mkdtemp(join(dirname(folder), basename(folder) + newSuffix))
  const progress: Progress = createByteProgress('unpacking LibTorch', wheel.unpackedSize, output)
  try {
    await unpackWheel(file, temporary, progress)
    const found = inspectLibtorch(temporary)
    if (typeof found === 'string') throw new DownloadError(`${file} is not a LibTorch wheel: ${found}`)
    // mkdtemp makes folders that only their owner may enter; a cache can be shared.
    await chmod(temporary, 0o755)
    await rename(temporary, folder)
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    throw error
  } finally {
    progress.stop()
  }
}
