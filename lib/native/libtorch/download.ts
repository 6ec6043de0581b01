import { rename, rm } from 'node:fs/promises'
import process from 'node:process'

import { DownloadError } from '../../errors.js'
import type { Progress } from '../../progress.js'
import { sha256Of } from '../../sha256.js'
import { transfer } from '../../transfer.js'
import { undici } from '../../undici.js'

/** The PyTorch project's own download site; `ROBERTORCH_LIBTORCH_MIRROR` names another one with the same files. */
const site = 'https://download.pytorch.org/whl/cpu'

const answerMs = 20_000
const stallMs = 60_000

/** Address of a wheel on the download site or its mirror. */
export function wheelUrl(fileName: string, env: NodeJS.ProcessEnv = process.env): string {
  // The plus sign must be escaped: the site's storage would read it as a space.
  return `${(env.ROBERTORCH_LIBTORCH_MIRROR || site).replace(/\/+$/, '')}/${encodeURIComponent(fileName)}`
}

/**
 * Downloads a file, going on where an earlier attempt stopped (`<path>.part`). `HTTPS_PROXY`, `HTTP_PROXY` and
 * `NO_PROXY` are honoured. The content is not judged here: compare it with {@link requireChecksum}.
 *
 * @returns why it failed, undefined when the file is there.
 */
export async function download(url: string, path: string, progress: Progress): Promise<string | undefined> {
  const part = `${path}.part`
  const dispatcher = new (undici().EnvHttpProxyAgent)({
    connect: { timeout: answerMs },
    bodyTimeout: stallMs,
  })
  try {
    await transfer(part, url, { dispatcher, progress, answerMs })
    await rename(part, path)
    return undefined
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException
    return message || code || String(error)
  } finally {
    await dispatcher.destroy()
  }
}

/**
 * Compares a file with its pinned checksum and removes it when they differ, so that the next attempt starts afresh.
 *
 * @param sha256 lower-case hexadecimal
 * @throws DownloadError naming both checksums.
 */
export async function requireChecksum(path: string, sha256: string): Promise<void> {
  const found = await sha256Of(path)
  if (found === sha256) return
  await rm(path)
  throw new DownloadError(
    `checksum mismatch: ${path} has SHA-256 ${found}, expected ${sha256}; the file was removed`,
    {
      hint:
        'run the same command again; if it happens twice, a proxy, pip index or mirror alters the file: ' +
        `ROBERTORCH_LIBTORCH_MIRROR=${site} goes past pip`,
    },
  )
}
