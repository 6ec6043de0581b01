import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'

import { afterEach, describe, expect, it, vi } from 'vitest'

import { DownloadError } from '../../../../lib/errors.js'
import { download, requireChecksum, wheelUrl } from '../../../../lib/native/libtorch/download.js'
import { sendFile, serve, temporaryFolder } from './fakes.js'

const content = randomBytes(300_000)
const half = content.length / 2
const quiet = { update() {}, stop() {} }

afterEach(() => vi.unstubAllEnvs())

describe('download', () => {
  it('brings the file and reports every byte', async () => {
    const { url } = await serve((request, response) => sendFile(content, request, response))
    const path = join(temporaryFolder(), 'file')
    const update = vi.fn()
    expect(await download(url, path, { update, stop() {} })).toBeUndefined()
    expect(readFileSync(path).equals(content)).toBe(true)
    expect(update).toHaveBeenLastCalledWith(content.length)
  })

  it('goes on where a broken connection stopped', async () => {
    let broken = false
    const { url, requests } = await serve((request, response) => {
      if (broken) return sendFile(content, request, response)
      broken = true
      response.writeHead(200, { 'content-length': content.length })
      response.write(content.subarray(0, half), () => setTimeout(() => response.destroy(), 200))
    })
    const path = join(temporaryFolder(), 'file')
    expect(await download(url, path, quiet)).toBeDefined()
    expect(existsSync(path)).toBe(false)
    expect(await download(url, path, quiet)).toBeUndefined()
    expect(requests[1]?.range).toBe(`bytes=${half}-`)
    expect(readFileSync(path).equals(content)).toBe(true)
  })

  it('starts again where the server knows no ranges', async () => {
    const { url } = await serve((_, response) => response.end(content))
    const path = join(temporaryFolder(), 'file')
    writeFileSync(`${path}.part`, content.subarray(0, half))
    expect(await download(url, path, quiet)).toBeUndefined()
    expect(readFileSync(path).equals(content)).toBe(true)
  })

  it.each([
    ['complete', content],
    ['too long', Buffer.concat([content, content])],
  ])('copes with a part that is %s already', async (_, part) => {
    const { url } = await serve((request, response) => sendFile(content, request, response))
    const path = join(temporaryFolder(), 'file')
    writeFileSync(`${path}.part`, part)
    expect(await download(url, path, quiet)).toBeUndefined()
    expect(readFileSync(path).equals(content)).toBe(true)
  })

  it('says why it failed', async () => {
    const { url } = await serve((_, response) => response.writeHead(404).end())
    const path = join(temporaryFolder(), 'file')
    expect(await download(url, path, quiet)).toMatch(/answered 404/)
    // Port 9 of the loopback interface: nobody listens there, as without a network.
    expect(await download('http://127.0.0.1:9/file', path, quiet)).toMatch(/ECONNREFUSED/)
  })

  it('goes through the proxy of the environment', async () => {
    const origin = await serve((request, response) => sendFile(content, request, response))
    const tunnels: (string | undefined)[] = []
    const proxy = await serve((_, response) => response.writeHead(500).end())
    proxy.server.on('connect', (request, socket) => {
      tunnels.push(request.url)
      const onward = connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
        socket.pipe(onward).pipe(socket)
      })
      socket.on('error', () => onward.destroy())
      onward.on('error', () => socket.destroy())
    })
    vi.stubEnv('HTTP_PROXY', proxy.url)
    vi.stubEnv('NO_PROXY', '')
    const path = join(temporaryFolder(), 'file')
    expect(await download(`${origin.url}/wheel`, path, quiet)).toBeUndefined()
    expect(tunnels).toEqual([new URL(origin.url).host])
    expect(readFileSync(path).equals(content)).toBe(true)
  })
})

describe('requireChecksum', () => {
  it('removes a file that was tampered with and names both checksums', async () => {
    const path = join(temporaryFolder(), 'file')
    writeFileSync(path, 'tampered')
    const expected = 'a'.repeat(64)
    const failure = requireChecksum(path, expected)
    await expect(failure).rejects.toThrow(DownloadError)
    await expect(failure).rejects.toThrow(new RegExp(`checksum mismatch.*[0-9a-f]{64}, expected ${expected}`))
    expect(existsSync(path)).toBe(false)
  })
})

it('escapes the plus sign and honours the mirror', () => {
  expect(wheelUrl('torch-1+cpu.whl', {})).toBe('https://download.pytorch.org/whl/cpu/torch-1%2Bcpu.whl')
  expect(wheelUrl('a.whl', { ROBERTORCH_LIBTORCH_MIRROR: 'http://mirror/x/' })).toBe('http://mirror/x/a.whl')
})
