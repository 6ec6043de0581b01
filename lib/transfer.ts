/** The body of an HTTP answer into a file, going on where an earlier attempt stopped. */

import { createWriteStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import type { IncomingHttpHeaders } from 'node:http'
import { pipeline } from 'node:stream/promises'

import type { Dispatcher } from 'undici'

import { counting } from './byte-progress.js'
import type { Progress } from './progress.js'
import { undici } from './undici.js'

export interface TransferOptions {
  dispatcher: Dispatcher
  progress: Progress
  /** Sent to the address, and with redirections as long as they stay on its host. */
  headers?: Readonly<Record<string, string>>
  /** Bytes of the whole file; an answer of another length is an error. */
  size?: number
  /** Whether an answer with this header can be the file. */
  isExpected?: (headers: IncomingHttpHeaders) => boolean
  /** Time for everything up to the answer's header, in milliseconds. */
  answerMs: number
  signal?: AbortSignal
}

/** The server answered, but not with the file. */
export class AnswerError extends Error {
  constructor(
    readonly status: number,
    readonly headers: IncomingHttpHeaders,
  ) {
    super(`the server answered ${status}`)
  }
}

/** The answer is not the file that was described, and to ask again would not help. */
export class WrongContentError extends Error {}

const redirectionLimit = 5

/** Number of bytes of a file, 0 when there is none. */
export async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0
}

/**
 * Fills a file from an address; what the file holds already is not asked for again.
 *
 * @throws AnswerError, WrongContentError, or the error of the connection or of the disk; the file keeps what came of it.
 */
export async function transfer(part: string, url: string, options: TransferOptions): Promise<void> {
  const { size, progress, isExpected = () => true } = options
  if (size !== undefined && (await sizeOf(part)) > size) await rm(part)
  const have = await sizeOf(part)
  if (have > 0 && have === size) return
  const range: Record<string, string> = have > 0 ? { range: `bytes=${have}-` } : {}
  const { statusCode, headers, body } = await follow(url, range, options)

  const complete = statusCode === 416 && headers['content-range'] === `bytes */${have}` && size === undefined
  if (statusCode !== 200 && statusCode !== 206) {
    await body.dump()
    // The whole file had come before; its checksum tells whether it is the right one.
    if (complete) return
    if (statusCode !== 416 || have === 0) throw new AnswerError(statusCode, headers)
    await rm(part)
    return transfer(part, url, options)
  }
  // A server without ranges answers 200 and sends everything again.
  const resumed = statusCode === 206
  const start = resumed ? have : 0
  const fault = isExpected(headers) ? lengthFault(headers, resumed, start, size) : 'it is another file'
  if (fault !== undefined) {
    // Its error is ours already, and nobody else would catch it.
    body.on('error', () => {}).destroy()
    throw new WrongContentError(fault)
  }
  await pipeline(
    body,
    bounded(size === undefined ? Number.POSITIVE_INFINITY : size - start),
    counting(progress, start),
    createWriteStream(part, { flags: resumed ? 'a' : 'w' }),
  )
  const came = await sizeOf(part)
  if (size !== undefined && came < size) {
    // An answer that breaks is the beginning of the file; one that ends well and too early is something else.
    await rm(part)
    throw new Error(`the answer ended after ${came} of ${size} bytes`)
  }
}

function lengthFault(
  headers: IncomingHttpHeaders,
  resumed: boolean,
  start: number,
  size: number | undefined,
): string | undefined {
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers['content-range'] ?? '')
  if (resumed && Number(range?.[1]) !== start) return `it has not the range from byte ${start} on`
  const promised = Number(resumed ? range?.[2] : (headers['content-length'] ?? Number.NaN))
  const differs = size !== undefined && !Number.isNaN(promised) && promised !== size
  return differs ? `it has ${promised} bytes, not ${size}` : undefined
}

async function follow(
  url: string,
  range: Readonly<Record<string, string>>,
  { dispatcher, headers = {}, answerMs, signal }: TransferOptions,
): Promise<Dispatcher.ResponseData> {
  let address = url
  for (let hops = 0; ; hops++) {
    // A proxy that drops the connection makes the client try for ever; this bounds everything up to the answer.
    const patience = new AbortController()
    const timer = setTimeout(
      () => patience.abort(new Error(`no answer within ${answerMs / 1000} s`)),
      answerMs,
    )
    // The signed addresses of a content network refuse a second form of authorization, and it is not for them.
    const sameHost = new URL(address).origin === new URL(url).origin
    const answer = await undici()
      .request(address, {
        dispatcher,
        headers: { ...(sameHost ? headers : {}), ...range, 'accept-encoding': 'identity' },
        signal: signal === undefined ? patience.signal : AbortSignal.any([signal, patience.signal]),
      })
      .finally(() => clearTimeout(timer))
    const { location } = answer.headers
    if (answer.statusCode < 300 || answer.statusCode > 399 || typeof location !== 'string') return answer
    await answer.body.dump()
    if (hops === redirectionLimit) throw new AnswerError(answer.statusCode, answer.headers)
    address = new URL(location, address).href
  }
}

function bounded(limit: number) {
  let left = limit
  return async function* bound(source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      left -= chunk.length
      if (left < 0) throw new WrongContentError('it has more bytes than the file')
      yield chunk
    }
  }
}
