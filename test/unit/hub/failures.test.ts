import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import process from 'node:process'

import { describe, expect, it, onTestFinished, vi } from 'vitest'

import {
  HubAccessError,
  HubCacheError,
  HubConnectionError,
  HubError,
  HubNotFoundError,
} from '../../../lib/errors.js'
import { resolveModelFolder, together } from '../../../lib/hub/index.js'
import { wantedConfig, wantedWeights } from '../../../lib/transformers/wanted-files.js'
import { commitOf, type Fault, sendBytes } from './hub-server.js'
import { files, id, listing, setup, temporaryFolder, tiny, weights } from './setup.js'

const model = together(wantedConfig, wantedWeights())
const config = files('config.json')

/** The next answers have these statuses; then the server is well again. */
function statuses(...list: number[]): Fault {
  return (_, response) => {
    const status = list.shift()
    if (status === undefined) return false
    response.writeHead(status, { 'retry-after': '0.01' }).end()
    return true
  }
}

function warnings(): string[] {
  const texts: string[] = []
  const listener = (warning: Error) => texts.push(warning.message)
  process.on('warning', listener)
  onTestFinished(() => {
    process.off('warning', listener)
  })
  return texts
}

describe('what the hub refuses', () => {
  it('a model that is not there, or is private', async () => {
    const { own, resolve, server } = await setup({ ...tiny, private: 'hf_right' })
    for (const failure of [resolveModelFolder('no/where', {}, config, own), resolve(config)]) {
      await expect(failure).rejects.toThrow(HubNotFoundError)
      await expect(failure).rejects.toThrow(
        /neither a folder .* here nor a model[\s\S]*hint: .*spelling.*HF_TOKEN/,
      )
      await expect(failure).rejects.toMatchObject({ code: 'ERR_HUB_NOT_FOUND', name: 'HubNotFoundError' })
    }
    await resolve(config, {}, { token: 'hf_right' })
    expect(server.log.at(-1)?.authorization).toBe('Bearer hf_right')
  })

  it('a revision that is not there', async () => {
    const { resolve } = await setup()
    const failure = resolve(config, { revision: 'v9' })
    await expect(failure).rejects.toThrow(HubNotFoundError)
    await expect(failure).rejects.toThrow(/someone\/tiny has no revision 'v9'[\s\S]*hint: .*commits\/main/)
  })

  it('a file that is not there', async () => {
    const { resolve, requests } = await setup({ files: { 'tf_model.h5': Buffer.from('') } })
    const failure = resolve(model)
    await expect(failure).rejects.toThrow(HubNotFoundError)
    await expect(failure).rejects.toThrow(/has no config\.json, model\.safetensors, .*pytorch_model\.bin/)
    expect(requests()).toEqual(['GET /api/models/someone/tiny/revision/main'])
  })

  it('a model whose terms are not accepted', async () => {
    const { resolve } = await setup({ ...tiny, gated: 'hf_accepted' })
    for (const token of [undefined, 'hf_other']) {
      const failure = resolve(config, {}, { token })
      await expect(failure).rejects.toThrow(HubAccessError)
      await expect(failure).rejects.toThrow(/accept its terms[\s\S]*hint: accept them at .*someone\/tiny/)
    }
    await resolve(config, {}, { token: 'hf_accepted' })
  })

  it('a wrong token', async () => {
    const { resolve } = await setup()
    const failure = resolve(config, {}, { token: 'wrong' })
    await expect(failure).rejects.toThrow(HubAccessError)
    await expect(failure).rejects.toThrow(/\(401\)[\s\S]*hint: the token may be wrong/)
    await expect(failure).rejects.not.toThrow(/hf_|Bearer/)
  })
})

describe('a token', () => {
  it('goes to the hub and to no other host', async () => {
    const { resolve, server } = await setup()
    await resolve(model, {}, { token: 'hf_secret' })
    const content = server.log.filter((request) => request.content)
    expect(content).toHaveLength(1)
    expect(content.map(({ authorization }) => authorization)).toEqual([undefined])
    const hub = server.log.filter((request) => !request.content)
    expect(new Set(hub.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer hf_secret']))
  })
})

it('a proxy of the environment is used for the hub and its contents', async () => {
  const { resolve } = await setup()
  const tunnels: (string | undefined)[] = []
  const proxy = createServer((_, response) => response.writeHead(500).end())
  proxy.on('connect', (request, socket) => {
    tunnels.push(request.url)
    const onward = connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      socket.pipe(onward).pipe(socket)
    })
    socket.on('error', () => onward.destroy())
    onward.on('error', () => socket.destroy())
  })
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done))
  vi.stubEnv('HTTP_PROXY', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`)
  vi.stubEnv('NO_PROXY', '')
  onTestFinished(() => {
    vi.unstubAllEnvs()
    proxy.close()
  })
  const folder = await resolve(model)
  expect(readFileSync(join(folder, 'model.safetensors')).equals(weights)).toBe(true)
  expect(new Set(tunnels).size).toBe(2)
})

describe('a server that stumbles', () => {
  it.each([500, 502, 503, 504, 429, 408])('is asked again after %i', async (status) => {
    const { resolve, server } = await setup()
    server.fault = statuses(status, status)
    await resolve(config)
    expect(server.log.map(({ path }) => path).filter((path) => path.startsWith('/api'))).toHaveLength(3)
  })

  it.each([
    [503, HubConnectionError, /answered 503[\s\S]*HF_HUB_OFFLINE=1/],
    [429, HubConnectionError, /too many requests[\s\S]*HF_TOKEN/],
  ])('fails when it answers %i for good', async (status, kind, message) => {
    const { resolve, server } = await setup()
    server.fault = (_, response) => {
      response.writeHead(status).end()
      return true
    }
    const failure = resolve(config)
    await expect(failure).rejects.toThrow(kind)
    await expect(failure).rejects.toThrow(message)
    expect(server.log).toHaveLength(5)
  })

  it('is not waited for longer than the limit', async () => {
    const { resolve, server } = await setup()
    server.fault = () => true
    const failure = resolve(config, {}, { answerMs: 30 })
    await expect(failure).rejects.toThrow(HubConnectionError)
    await expect(failure).rejects.toThrow(/could not be reached/)
    expect(server.log).toHaveLength(5)
  })

  it('is not waited for when there is no network', async () => {
    const { resolve } = await setup()
    // Port 9 of the loopback interface: nobody listens there.
    const failure = resolve(config, {}, { endpoint: 'http://127.0.0.1:9', backOffMs: 60_000 })
    await expect(failure).rejects.toThrow(HubConnectionError)
    await expect(failure).rejects.toThrow(/ECONNREFUSED[\s\S]*hint: check the network, HTTPS_PROXY/)
  })

  it.each([
    ['without a network', { endpoint: 'http://127.0.0.1:9' }, undefined],
    ['when it fails', {}, 500],
    ['when a private model is asked for without the token', {}, 401],
  ])('is replaced by the cache, with a warning, %s', async (_, more, status) => {
    const { resolve, server } = await setup()
    const folder = await resolve(model)
    const texts = warnings()
    if (status !== undefined) server.fault = statuses(...Array(20).fill(status))
    expect(await resolve(model, {}, more)).toBe(folder)
    await new Promise((done) => setImmediate(done))
    expect(texts).toEqual([expect.stringMatching(/someone\/tiny is taken from the cache/)])
    await expect(resolve(model, { force_download: true }, more)).rejects.toThrow(HubError)
  })

  it('is believed when it says that a revision is gone', async () => {
    const { resolve, server } = await setup({ ...tiny, refs: ['old'] })
    await resolve(model, { revision: 'old' })
    server.repositories.set(id, tiny)
    await expect(resolve(model, { revision: 'old' })).rejects.toThrow(/no revision 'old'/)
  })
})

describe('answers that are not to be trusted', () => {
  const onPath =
    (pattern: RegExp, answer: Fault): Fault =>
    (request, response, log) =>
      pattern.test(request.url ?? '') && answer(request, response, log)
  const head =
    (headers: Record<string, string | number>): Fault =>
    (_, response) => {
      response
        .writeHead(200, { 'x-repo-commit': commitOf(tiny), etag: '"abc"', 'content-length': 2, ...headers })
        .end()
      return true
    }

  it.each<[string, Fault, RegExp]>([
    [
      'a page of a proxy',
      onPath(/api/, (_, r) => !!r.end('<html>log in</html>')),
      /does not describe a model/,
    ],
    [
      'a commit that is none',
      onPath(/api/, (_, r) => !!r.end('{"sha": "../../x", "siblings": []}')),
      /does not desc/,
    ],
    ['no list of files', onPath(/api/, (_, r) => !!r.end('{"sha": 5, "siblings": 7}')), /does not describe/],
    ['an ETag that is a path', onPath(/resolve/, head({ etag: '"../../../evil"' })), /no usable ETag/],
    [
      'a linked ETag that is a path',
      onPath(/resolve/, head({ 'x-linked-etag': '"../evil"', etag: '' })),
      /no usable/,
    ],
    ['a size that is none', onPath(/resolve/, head({ 'x-linked-size': '-5' })), /has no size/],
    ['another commit', onPath(/resolve/, head({ 'x-repo-commit': 'f'.repeat(40) })), /is of the commit ffff/],
  ])('%s', async (_, fault, message) => {
    const { cache, resolve, server } = await setup()
    server.fault = fault
    const failure = resolve(config)
    await expect(failure).rejects.toThrow(HubError)
    await expect(failure).rejects.toThrow(message)
    expect(Object.keys(listing(cache))).toEqual([])
  })

  it('more bytes than the file has', async () => {
    const { cache, resolve, server } = await setup()
    server.fault = (request, response, { content }) => {
      if (content) sendBytes(request, response, Buffer.concat([weights, weights]))
      return content
    }
    const failure = resolve(model)
    await expect(failure).rejects.toThrow(HubError)
    await expect(failure).rejects.toThrow(
      /sends something else than someone\/tiny: it has 6000000 bytes, not 3000000/,
    )
    const left = Object.entries(listing(cache)).filter(([name]) => name.includes('model.safetensors'))
    expect(left).toEqual([])
  })

  it('a page that breaks off is no beginning of a file', async () => {
    const { resolve, server, root } = await setup()
    let pages = 0
    server.fault = (request, response, { path }) => {
      if (request.method !== 'GET' || !path.endsWith('config.json') || pages++ > 0) return false
      response.writeHead(200)
      response.write('<html>', () => setTimeout(() => response.destroy(), 50))
      return true
    }
    await expect(resolve(config)).rejects.toThrow(
      /sends something else than someone\/tiny: it is another file/,
    )
    expect(Object.keys(listing(root))).toEqual([])
    const folder = await resolve(config)
    expect(readFileSync(join(folder, 'config.json'), 'utf8')).toBe('{"model_type": "roberta"}')
  })

  it('another range than was asked for ends the download, not the process', async () => {
    const { resolve, server, root } = await setup()
    mkdirSync(join(root, 'blobs'), { recursive: true })
    const sha256 = createHash('sha256').update(weights).digest('hex')
    writeFileSync(join(root, 'blobs', `${sha256}.robertorch.incomplete`), weights.subarray(0, 1000))
    server.fault = (_, response, { content }) => {
      const range = { 'content-range': `bytes 500-${weights.length - 1}/${weights.length}` }
      if (content) response.writeHead(206, range).end(weights.subarray(500))
      return content
    }
    await expect(resolve(model)).rejects.toThrow(/it has not the range from byte 1000 on/)
  })

  it('other bytes than the checksum says', async () => {
    const { resolve, server, root } = await setup()
    server.fault = (request, response, { content }) => {
      if (content) sendBytes(request, response, Buffer.alloc(weights.length, 'x'))
      return content
    }
    await expect(resolve(model)).rejects.toThrow(
      /model\.safetensors has SHA-256 .*, expected .*it was removed/,
    )
    expect(Object.keys(listing(root)).filter((name) => name.includes('incomplete'))).toEqual([])
    server.fault = undefined
    const folder = await resolve(model)
    expect(readFileSync(join(folder, 'model.safetensors')).equals(weights)).toBe(true)
  })

  it.each(['../../../evil', '/etc/evil', 'a\\..\\evil', 'C:evil', 'a//b', './x'])(
    'a file named %j',
    async (name) => {
      const { cache, resolve } = await setup({ files: { [name]: Buffer.from('evil') } })
      await expect(resolve(files(name))).rejects.toThrow(/no path inside a repository/)
      expect(listing(cache)).toEqual({})
    },
  )
})

describe('the disk', () => {
  it('is full before the download', async () => {
    const { resolve } = await setup()
    const failure = resolve(model, {}, { freeBytes: async () => weights.length - 1 })
    await expect(failure).rejects.toThrow(HubCacheError)
    await expect(failure).rejects.toThrow(
      /too little space: 3 MB are needed, 2 MB free[\s\S]*hint: .*HF_HOME/,
    )
  })

  it('is not to be written', async () => {
    const { resolve } = await setup()
    const cacheDir = join(temporaryFolder(), 'file')
    writeFileSync(cacheDir, 'not a folder')
    const failure = resolve(config, {}, { cacheDir })
    await expect(failure).rejects.toThrow(HubCacheError)
    await expect(failure).rejects.toThrow(/cannot be written[\s\S]*hint: make it writable, or set HF_HOME/)
    rmSync(cacheDir)
    await resolve(config, {}, { cacheDir })
  })
})
