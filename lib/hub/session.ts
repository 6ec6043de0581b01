/** The connection to a hub: proxies, time limits, the token, and asking again. */

import type { IncomingHttpHeaders } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

import type { EnvHttpProxyAgent } from 'undici'

import { AnswerError, WrongContentError } from '../transfer.js'
import { undici } from '../undici.js'
import { isTransient } from './failures.js'
import type { HubSettings } from './settings.js'

/** The header and, unless the method is HEAD, the text of an answer with status 2xx or 3xx. */
export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

const redirectionLimit = 5
/** A model with a hundred thousand files needs less; what is longer is no answer of a hub. */
const textLimit = 64e6
const longestWaitMs = 8000

export class HubSession {
  readonly dispatcher: EnvHttpProxyAgent

  constructor(readonly settings: HubSettings) {
    const { answerMs, stallMs } = settings
    this.dispatcher = new (undici().EnvHttpProxyAgent)({
      connect: { timeout: answerMs },
      bodyTimeout: stallMs,
    })
  }

  async close(): Promise<void> {
    await this.dispatcher.destroy()
  }

  /** Headers for the endpoint, and for no other host. */
  get headers(): Record<string, string> {
    const { token } = this.settings
    return {
      'user-agent': 'robertorch',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    }
  }

  /**
   * Asks, and asks again while that may help, waiting longer each time.
   *
   * HEAD follows only redirections without a host, which a renamed repository gives: those to a content network come
   * with the headers that describe the file. GET follows all.
   *
   * @throws AnswerError for a status of 400 and above, or the error of the connection.
   */
  async ask(method: 'GET' | 'HEAD', url: string): Promise<Answer> {
    return this.retry(() => this.#once(method, url))
  }

  /** @param progressed whether something was gained since the last failure, so that counting starts anew */
  async retry<T>(work: () => Promise<T>, progressed: () => Promise<boolean> = async () => false): Promise<T> {
    const { attempts, backOffMs } = this.settings
    for (let failures = 1; ; failures++) {
      try {
        return await work()
      } catch (error) {
        const better = await progressed()
        if (better) failures = 1
        // What came so far shows that there is a network: one that is gone for a moment is waited for.
        if (!isTransient(error) && !(better && isConnectionGone(error))) throw error
        if (failures >= attempts) throw error
        await sleep(waitMs(error, Math.min(backOffMs * 2 ** (failures - 1), longestWaitMs)))
      }
    }
  }

  async #once(method: 'GET' | 'HEAD', url: string): Promise<Answer> {
    let address = url
    for (let hops = 0; ; hops++) {
      const sameHost = new URL(address).origin === new URL(url).origin
      const { statusCode, headers, body } = await undici().request(address, {
        method,
        dispatcher: this.dispatcher,
        headers: { ...(sameHost ? this.headers : {}), 'accept-encoding': 'identity' },
        signal: AbortSignal.timeout(this.settings.answerMs),
      })
      const { location } = headers
      const redirected = statusCode >= 300 && statusCode < 400 && typeof location === 'string'
      if (redirected && (method === 'GET' || !/^([a-z][a-z0-9+.-]*:)?\/\//i.test(location))) {
        await body.dump()
        if (hops === redirectionLimit) throw new AnswerError(statusCode, headers)
        address = new URL(location, address).href
        continue
      }
      const text = await readText(body)
      if (statusCode >= 400) throw new AnswerError(statusCode, headers)
      return { status: statusCode, headers, text }
    }
  }
}

const isConnectionGone = (error: unknown) =>
  ['ECONNREFUSED', 'ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN', 'EAI_AGAIN'].includes(
    String((error as NodeJS.ErrnoException).code),
  )

/** A server that says when to come back is believed, within limits. */
function waitMs(error: unknown, otherwise: number): number {
  const seconds = error instanceof AnswerError ? Number(error.headers['retry-after']) : Number.NaN
  return seconds > 0 ? Math.min(seconds * 1000, longestWaitMs) : otherwise
}

async function readText(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > textLimit) throw new WrongContentError(`an answer is longer than ${textLimit} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
