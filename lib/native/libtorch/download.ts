import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import process from 'node:process'
import { pipeline } from 'node:stream/promises'

import { EnvHttpProxyAgent, request } from 'undici'

import { DownloadError } from '../../errors.js'
import type { Progress } from '../../progress.js'
import { counting } from './byte-progress.js'

/** The PyTorch project's own download site; `ROBERTORCH_LIBTORCH_MIRROR` names another one with the same files. */
const site = 'https://download.pytorch.org/whl/cpu'

const answerMs = 20_000
const stallMs = 60_000

/** Address of a wheel on the download site or its mirror. */
export function wheelUrl(fileName: string, env: NodeJS.ProcessEnv = process.env): string {
  // The plus sign must be escaped: the site's storage would read it as a space.
  return `${(env.ROBERTORCH_LIBTORCH_MIRROR || site).replace(/\/+$/, '')}/${encodeURIComponent(fileName)}`
}

/** Number of bytes of a file, 0 when there is none. */
export async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0
}

/**
 * Downloads a file, going on where an earlier attempt stopped (`<path>.part`). `HTTPS_PROXY`, `HTTP_PROXY` and
 * `NO_PROXY` are honoured. The content is not judged here: compare it with {@link requireChecksum}.
 *
 * @returns why it failed, undefined when the file is there.
 */
export async function download(url: string, path: string, progress: Progress): Promise<string | undefined> {
  const part = `${path}.part`
  const dispatcher = new EnvHttpProxyAgent({ connect: { timeout: answerMs }, bodyTimeout: stallMs })
  try {
    await fetchInto(part, url, dispatcher, progress)
    await rename(part, path)
    return undefined
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException
    return message || code || String(error)
  } finally {
    await dispatcher.destroy()
  }
}

async function fetchInto(
  part: string,
  url: string,
  dispatcher: EnvHttpProxyAgent,
  progress: Progress,
): Promise<void> {
  const have = await sizeOf(part)
  const headers = have > 0 ? { range: `bytes=${have}-` } : undefined
  // A proxy that drops the connection makes the client try for ever; this bounds everything up to the answer.
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(new Error(`no answer within ${answerMs / 1000} s`)), answerMs)
  const { signal } = patience
  const answered = await request(url, { dispatcher, headers, signal }).finally(() => clearTimeout(timer))
  const { statusCode, headers: answer, body } = answered

  if (statusCode === 416) {
    await body.dump()
    // The whole file had come before; its checksum tells whether it is the right one.
    if (answer['content-range'] === `bytes */${have}`) return
    await rm(part)
    return fetchInto(part, url, dispatcher, progress)
  }
  if (statusCode !== 200 && statusCode !== 206) {
    await body.dump()
    throw new Error(`the server answered ${statusCode}`)
  }
  // A server without ranges answers 200 and sends everything again.
  const resumed = statusCode === 206
  await pipeline(
    body,
    counting(progress, resumed ? have : 0),
    createWriteStream(part, { flags: resumed ? 'a' : 'w' }),
  )
}

/**
 * Compares a file with its pinned checksum and removes it when they differ, so that the next attempt starts afresh.
 *
 * @param sha256 lower-case hexadecimal
 * @throws DownloadError naming both checksums.
 */
export async function requireChecksum(path: string, sha256: string): Promise<void> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  const found = hash.digest('hex')
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
