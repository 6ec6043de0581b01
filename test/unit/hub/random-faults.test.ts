import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import { HubError } from '../../../lib/errors.js'
import { generator } from '../../random.js'
import { commitOf, type Fault, gitId } from './hub-server.js'
import { files, setup } from './setup.js'

const content = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 7919) % 251))
const repository = {
  files: { 'config.json': content.subarray(0, 5000), 'model.safetensors': content },
  large: ['model.safetensors'],
}
const runs = 40

/** A server that fails in half of its answers, in a way drawn at random. */
function unreliable(random: () => number): Fault {
  const below = (limit: number) => Math.floor(random() * limit)
  return (request, response, { content: isContent, path }) => {
    if (random() < 0.5) return false
    const whole = isContent ? content : repository.files['config.json']
    // What is not the file has no ETag.
    const etag = { etag: `"${gitId(whole)}"` }
    const from = Number(/(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    const rangeFrom = (start: number) => ({
      'content-range': `bytes ${start}-${whole.length - 1}/${whole.length}`,
    })
    const breaking = (bytes: Buffer | string) =>
      response.write(bytes, () => setTimeout(() => response.destroy(), below(5)))
    const ways = [
      () => response.destroy(),
      () => response.writeHead([500, 502, 503, 504, 429][below(5)] as number).end(),
      () => response.writeHead(200).end('<html>who are you?</html>'),
      () => response.writeHead(302, { location: path }).end(),
      () => response.writeHead(416).end(),
      () => response.writeHead(200) && breaking('<html>who'),
      // Cut off, too short, a range that was not asked for, too long, of the right length, all over again.
      () => {
        const length = { 'content-length': whole.length - from }
        response.writeHead(from > 0 ? 206 : 200, { ...etag, ...length, ...rangeFrom(from) })
        breaking(whole.subarray(from, from + below(whole.length - from + 1)))
      },
      () => response.writeHead(200, etag).end(whole.subarray(0, below(whole.length))),
      () => {
        const start = below(whole.length)
        response.writeHead(206, { ...etag, ...rangeFrom(start) }).end(whole.subarray(start))
      },
      () => response.writeHead(200, etag).end(Buffer.concat([whole, whole])),
      () => response.writeHead(200, { ...etag, 'content-length': whole.length }).end(whole),
    ]
    if (request.method === 'HEAD') ways.splice(5)
    ways[below(ways.length)]?.()
    return true
  }
}

it('whatever the server does, a file is whole or not there, and failures are named', async () => {
  let [whole, failed] = [0, 0]
  for (let run = 0; run < runs; run++) {
    const { server, resolve, root } = await setup(repository)
    server.fault = unreliable(generator(run))
    // The second call goes on with what the first one left.
    for (let call = 0; call < 3; call++) {
      const outcome = await resolve(
        files('config.json', 'model.safetensors'),
        {},
        { answerMs: 500, stallMs: 500 },
      )
        .then(() => undefined)
        .catch((error: unknown) => error)
      if (outcome === undefined) whole++
      else {
        failed++
        expect(outcome, `run ${run}`).toBeInstanceOf(HubError)
        expect((outcome as HubError).hint, `run ${run}`).toBeTruthy()
      }
      const snapshot = join(root, 'snapshots', commitOf(repository))
      for (const [name, wanted] of Object.entries(repository.files)) {
        const path = join(snapshot, name)
        if (outcome === undefined) expect(existsSync(path), `run ${run}`).toBe(true)
        if (existsSync(path)) expect(readFileSync(path).equals(wanted), `run ${run}: ${name}`).toBe(true)
      }
      expect(
        existsSync(snapshot) ? readdirSync(snapshot).filter((name) => name.includes('tmp')) : [],
      ).toEqual([])
    }
    server.close()
  }
  // Else the faults are too many or too few to show anything.
  expect(Math.min(whole, failed)).toBeGreaterThan(runs / 4)
})
