import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import process from 'node:process'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { HubConnectionError } from '../../../lib/errors.js'
import { packageRoot } from '../../../lib/native/paths.js'
import { commitOf, sendBytes } from './hub-server.js'
import { files, id, listing, setup, tiny, weights } from './setup.js'

const commit = commitOf(tiny)
const sha256 = createHash('sha256').update(weights).digest('hex')
const wanted = files('config.json', 'model.safetensors')
const half = weights.length / 2

/** Sends what is left up to the middle, and then nothing. */
function sendHalf(request: IncomingMessage, response: ServerResponse, after: () => void): void {
  const from = Number(/(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  const range = { 'content-range': `bytes ${from}-${weights.length - 1}/${weights.length}` }
  response.writeHead(from > 0 ? 206 : 200, {
    'content-length': weights.length - from,
    ...(from > 0 ? range : {}),
  })
  response.write(weights.subarray(from, half), after)
}

function start(url: string, cache: string): { child: ChildProcess; ended: Promise<[number | null, string]> } {
  const script = join(packageRoot, 'test/unit/hub/child.ts')
  const args = ['--import', 'tsx', script, id, 'config.json', 'model.safetensors']
  const env = {
    PATH: process.env.PATH,
    HF_ENDPOINT: url,
    HF_HUB_CACHE: cache,
    HF_HUB_DISABLE_PROGRESS_BARS: '1',
  }
  const child = spawn(process.execPath, args, { cwd: packageRoot, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const output: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk))
  const ended = new Promise<[number | null, string]>((resolve) => {
    child.on('close', (code) => resolve([code, Buffer.concat(output).toString()]))
  })
  return { child, ended }
}

const partialOf = (root: string) => join(root, 'blobs', `${sha256}.robertorch.incomplete`)

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10))
}

describe('a download that breaks', () => {
  it('goes on where it stopped, and shows nothing before it is whole', async () => {
    const { server, resolve, root } = await setup()
    let breaks = 0
    server.fault = (request, response, { content }) => {
      if (!content || breaks >= 1) return false
      breaks++
      sendHalf(request, response, () => setTimeout(() => response.destroy(), 200))
      return true
    }
    const folder = await resolve(wanted)
    const ranges = server.log.filter(({ content }) => content).map(({ range }) => range)
    expect(ranges).toEqual([undefined, `bytes=${half}-`])
    expect(readFileSync(join(folder, 'model.safetensors')).equals(weights)).toBe(true)
    expect(existsSync(partialOf(root))).toBe(false)
  })

  it('is given up when nothing more comes, and taken up by the next call', async () => {
    const { server, resolve, root } = await setup()
    server.fault = (request, response, { content }) => {
      if (content) sendHalf(request, response, () => setTimeout(() => response.destroy(), 20))
      return content
    }
    await expect(resolve(wanted)).rejects.toThrow(HubConnectionError)
    expect(statSync(partialOf(root)).size).toBe(half)
    expect(existsSync(join(root, 'snapshots', commit, 'model.safetensors'))).toBe(false)
    expect(existsSync(join(root, 'refs/main'))).toBe(false)
    server.fault = undefined
    server.log.length = 0
    const folder = await resolve(wanted)
    expect(server.log.filter(({ content }) => content).map(({ range }) => range)).toEqual([`bytes=${half}-`])
    expect(readFileSync(join(folder, 'model.safetensors')).equals(weights)).toBe(true)
  })

  it('is broken, too, when no byte comes for a while', async () => {
    const { server, resolve } = await setup()
    let stalls = 0
    server.fault = (request, response, { content }) => {
      if (!content || stalls++ >= 1) return false
      sendHalf(request, response, () => {})
      return true
    }
    const folder = await resolve(wanted, {}, { stallMs: 300 })
    expect(stalls).toBe(2)
    expect(readFileSync(join(folder, 'model.safetensors')).equals(weights)).toBe(true)
  })

  it('starts again where the server knows no ranges', async () => {
    const { server, resolve, root } = await setup()
    mkdirSync(join(root, 'blobs'), { recursive: true })
    writeFileSync(partialOf(root), weights.subarray(0, half))
    server.fault = (request, response, { content }) => {
      if (!content) return false
      delete request.headers.range
      sendBytes(request, response, weights)
      return true
    }
    const folder = await resolve(wanted)
    expect(readFileSync(join(folder, 'model.safetensors')).equals(weights)).toBe(true)
  })

  it.each([
    ['complete', weights],
    ['too long', Buffer.concat([weights, weights])],
  ])('copes with a part that is %s already', async (_, part) => {
    const { resolve, root } = await setup()
    mkdirSync(join(root, 'blobs'), { recursive: true })
    writeFileSync(partialOf(root), part)
    const folder = await resolve(wanted)
    expect(readFileSync(join(folder, 'model.safetensors')).equals(weights)).toBe(true)
  })

  it('goes on after the process was killed', async () => {
    const { server, cache, root } = await setup()
    server.fault = (request, response, { content }) => {
      if (content) sendHalf(request, response, () => {})
      return content
    }
    const first = start(server.url, cache)
    await until(() => existsSync(partialOf(root)) && statSync(partialOf(root)).size === half)
    first.child.kill('SIGKILL')
    await first.ended
    expect(existsSync(join(root, 'snapshots', commit, 'model.safetensors'))).toBe(false)
    server.fault = undefined
    server.log.length = 0
    // Its lock is stale after 10 s.
    const [code, folder] = await start(server.url, cache).ended
    expect([code, folder.endsWith(join(root, 'snapshots', commit))]).toEqual([0, true])
    expect(server.log.filter(({ content }) => content).map(({ range }) => range)).toEqual([`bytes=${half}-`])
    expect(readFileSync(join(root, 'blobs', sha256)).equals(weights)).toBe(true)
  }, 90_000)
})

it('two processes at once bring each file once', async () => {
  const { server, cache, root } = await setup()
  let held: (() => void) | undefined
  server.fault = (request, response, { content }) => {
    if (!content || held) return false
    held = () => sendBytes(request, response, weights)
    return true
  }
  const processes = [start(server.url, cache), start(server.url, cache)]
  // The first has the lock; the second has asked about the file, too, before the content comes.
  const heads = () =>
    server.log.filter(({ method, path }) => method === 'HEAD' && path.endsWith('.safetensors'))
  await until(() => held !== undefined && heads().length === 2)
  await new Promise((resolve) => setTimeout(resolve, 300))
  held?.()
  for (const [code, output] of await Promise.all(processes.map(({ ended }) => ended))) {
    expect(output).toContain(join(root, 'snapshots', commit))
    expect(code).toBe(0)
  }
  expect(server.log.filter(({ content }) => content)).toHaveLength(1)
  expect(readFileSync(join(root, 'blobs', sha256)).equals(weights)).toBe(true)
  expect(readdirSync(join(root, 'blobs')).filter((name) => name.includes('incomplete'))).toEqual([])
}, 60_000)

it('calls at once in one process bring each file once', async () => {
  const { server, cache, resolve } = await setup()
  const folders = await Promise.all([resolve(wanted), resolve(wanted), resolve(wanted)])
  expect(new Set(folders).size).toBe(1)
  expect(server.log.filter(({ content }) => content)).toHaveLength(1)
  expect(Object.keys(listing(cache)).filter((name) => /tmp|incomplete/.test(name))).toEqual([])
})

it('shows how far it is, beside the results and not among them', async () => {
  const large = { files: { 'model.safetensors': Buffer.alloc(6_000_000) }, large: ['model.safetensors'] }
  const { resolve } = await setup(large)
  const output = new PassThrough()
  await resolve(files('model.safetensors'), {}, { output })
  expect(String(output.read())).toMatch(/^downloading someone\/tiny: \d+ %, \d\/6 MB[\s\S]*100 %, 6\/6 MB/)
})
