import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { DownloadError } from '../../../../lib/errors.js'
import { cachedLibtorch } from '../../../../lib/native/libtorch/cache.js'
import { installLibtorch } from '../../../../lib/native/libtorch/install.js'
import { wheelFor } from '../../../../lib/native/libtorch/release.js'
import { targetOf } from '../../../../lib/native/libtorch/unpack.js'
import { packageRoot } from '../../../../lib/native/paths.js'
import { collector, fakePrograms, fakeWheel, sendFile, serve, temporaryFolder } from './fakes.js'

let cache: string
let fake: Awaited<ReturnType<typeof fakeWheel>>
let output: ReturnType<typeof collector>

beforeEach(async () => {
  cache = temporaryFolder()
  fake = await fakeWheel()
  output = collector()
})

afterEach(() => vi.unstubAllEnvs())

const install = (env: NodeJS.ProcessEnv, freeBytes?: () => Promise<number>) =>
  installLibtorch({
    env: { ROBERTORCH_CACHE: cache, ...env },
    output: output.stream,
    wheel: fake.wheel,
    ...(freeBytes ? { freeBytes } : {}),
  })

const mirror = () => serve((request, response) => sendFile(fake.content, request, response))

describe('installLibtorch', () => {
  it('unpacks what is needed and nothing else, keeps no wheel, and does nothing the second time', async () => {
    const { url, requests } = await mirror()
    const folder = await install({ ROBERTORCH_LIBTORCH_MIRROR: url })
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual([
      'LICENSE',
      'include',
      'include/torch',
      'include/torch/headeronly',
      'include/torch/headeronly/version.h',
      'lib',
      'lib/libc10.so',
      'lib/libtorch_cpu.so',
      'version.py',
    ])
    expect(readFileSync(join(folder, 'lib/libc10.so'), 'utf8')).toBe('c10')
    expect(readdirSync(cache)).toEqual([folder.slice(cache.length + 1)])
    expect(output.text()).toMatch(/fetching LibTorch .*100 %[\s\S]*unpacking LibTorch/)
    expect(await install({ ROBERTORCH_LIBTORCH_MIRROR: url })).toBe(folder)
    expect(requests).toHaveLength(1)
  })

  it('lets pip bring the wheel where there is one', async () => {
    const pip = `case "$*" in
      *--version*) ;;
      *) while [ "$1" != --dest ]; do shift; done; cp ${fake.path} "$2" ;;
    esac`
    const PATH = `${fakePrograms({ python3: pip })}:/bin:/usr/bin`
    const folder = await install({ PATH })
    expect(existsSync(join(folder, 'version.py'))).toBe(true)
  })

  it('names every way that was tried when there is no network', async () => {
    const PATH = fakePrograms({
      python3: '[ "$3" = --version ] && exit 0; echo "ERROR: no route to the index" >&2; exit 1',
    })
    // A proxy that nobody runs: no request leaves this machine, and the reason is the same on every one.
    vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:9')
    vi.stubEnv('NO_PROXY', '')
    const failure = install({ PATH })
    await expect(failure).rejects.toThrow(DownloadError)
    await expect(failure).rejects.toThrow(
      /python3 -m pip: ERROR: no route to the index[\s\S]*https:\/\/download\.pytorch\.org[\s\S]*ECONNREFUSED[\s\S]*hint: check the network/,
    )
    expect(readdirSync(cache)).toEqual([])
  })

  it('refuses a file with another checksum and starts afresh the next time', async () => {
    const tampered = Buffer.from(fake.content)
    tampered[100] = (tampered[100] ?? 0) ^ 1
    const bad = await serve((request, response) => sendFile(tampered, request, response))
    await expect(install({ ROBERTORCH_LIBTORCH_MIRROR: bad.url })).rejects.toThrow(
      new RegExp(`checksum mismatch.*expected ${fake.wheel.sha256}`),
    )
    expect(readdirSync(cache)).toEqual([])
    const good = await mirror()
    expect(existsSync(await install({ ROBERTORCH_LIBTORCH_MIRROR: good.url }))).toBe(true)
  })

  it('asks for the disk space before it downloads', async () => {
    const { url, requests } = await mirror()
    const failure = install({ ROBERTORCH_LIBTORCH_MIRROR: url }, async () => 1_000_000)
    await expect(failure).rejects.toThrow(
      /not enough disk space in .* needs 1 MB, 1 MB are free[\s\S]*ROBERTORCH_CACHE/,
    )
    expect(requests).toEqual([])
  })

  it.runIf(existsSync('/dev/full'))('says so when the disk fills up meanwhile', async () => {
    const { url } = await mirror()
    fake.wheel.fileName = 'full.whl'
    symlinkSync('/dev/full', join(cache, 'full.whl.part'))
    await expect(install({ ROBERTORCH_LIBTORCH_MIRROR: url })).rejects.toThrow(/ENOSPC/)
  })

  it('says which variable helps when the cache cannot be written', async () => {
    const file = join(cache, 'file')
    writeFileSync(file, '')
    await expect(install({ ROBERTORCH_CACHE: join(file, 'cache') })).rejects.toThrow(
      /cannot write to the cache folder[\s\S]*hint: set ROBERTORCH_CACHE/,
    )
  })

  it('names a mirror that is not a URL', async () => {
    await expect(install({ ROBERTORCH_LIBTORCH_MIRROR: 'mirror.example' })).rejects.toThrow(
      /ROBERTORCH_LIBTORCH_MIRROR is not a URL: mirror\.example/,
    )
  })

  it('removes what a killed process left behind', async () => {
    const { url } = await mirror()
    const left = [`${cachedLibtorch({ ROBERTORCH_CACHE: cache })}.new-killed`, join(cache, 'pip-killed')]
    for (const folder of left) mkdirSync(folder)
    await install({ ROBERTORCH_LIBTORCH_MIRROR: url })
    expect(left.filter((folder) => existsSync(folder))).toEqual([])
  })

  it('lets one of several processes work while the others wait', async () => {
    // Slow enough that both processes are there before the first is done.
    const { url, requests } = await serve((request, response) => {
      setTimeout(() => sendFile(fake.content, request, response), 1500)
    })
    const program = `
      import { installLibtorch } from ${JSON.stringify(join(packageRoot, 'lib/native/libtorch/install.ts'))}
      process.stdout.write(await installLibtorch({ wheel: ${JSON.stringify(fake.wheel)} }))`
    const start = () =>
      new Promise<string>((resolve, reject) => {
        const args = ['--import', 'tsx', '--input-type=module', '--eval', program]
        const env = { ...process.env, ROBERTORCH_CACHE: cache, ROBERTORCH_LIBTORCH_MIRROR: url }
        const child = spawn(process.execPath, args, {
          cwd: packageRoot,
          env,
          stdio: ['ignore', 'pipe', 'pipe'],
        })
        let out = ''
        let log = ''
        child.stdout.on('data', (data) => {
          out += data
        })
        child.stderr.on('data', (data) => {
          log += data
        })
        child.on('close', (code) => (code === 0 ? resolve(`${out}\n${log}`) : reject(new Error(log))))
      })
    const results = await Promise.all([start(), start()])
    const folder = cachedLibtorch({ ROBERTORCH_CACHE: cache })
    for (const result of results) expect(result.split('\n')[0]).toBe(folder)
    expect(results.filter((result) => result.includes('another process is fetching LibTorch'))).toHaveLength(
      1,
    )
    expect(requests).toHaveLength(1)
  })
})

it('has no wheel for a platform whose checksum nobody verified', () => {
  expect(() => wheelFor('linux-riscv64')).toThrow(
    /no LibTorch download is pinned for linux-riscv64[\s\S]*ROBERTORCH_LIBTORCH/,
  )
})

it('never unpacks outside of its folder', () => {
  expect(targetOf('torch/include/../../../etc/passwd')).toBeUndefined()
  expect(targetOf('torch/include/..\\..\\x.h')).toBeUndefined()
  expect(targetOf('torch/lib/libc10.so')).toBe('lib/libc10.so')
  expect(targetOf('torch/lib/libtorch_python.so')).toBeUndefined()
})
