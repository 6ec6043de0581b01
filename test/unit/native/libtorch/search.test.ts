import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'
import { cacheFolder } from '../../../../lib/cache-folder.js'
import { LibtorchNotFoundError, LibtorchVersionError } from '../../../../lib/errors.js'
import { cachedLibtorch } from '../../../../lib/native/libtorch/cache.js'
import { inspectLibtorch } from '../../../../lib/native/libtorch/inspect.js'
import { searchLibtorch } from '../../../../lib/native/libtorch/search.js'
import type { Step } from '../../../../lib/native/step.js'
import { fakeLibtorch, fakePrograms, temporaryFolder } from './fakes.js'

const version = '2.13.0'

function search(env: NodeJS.ProcessEnv) {
  const steps: Step[] = []
  // An empty cache of its own unless the test brings one.
  const run = () => searchLibtorch({ version, steps, env: { ROBERTORCH_CACHE: temporaryFolder(), ...env } })
  return { run, steps }
}

describe('searchLibtorch', () => {
  it('finds nothing on a bare machine and says where it looked, in order', () => {
    const { run, steps } = search({})
    expect(run()).toBeUndefined()
    expect(steps.map(({ what, outcome }) => `${what} ${outcome}`)).toEqual([
      'ROBERTORCH_LIBTORCH skipped',
      'LIBTORCH skipped',
      'LIBTORCH_USE_PYTORCH skipped',
      'user cache skipped',
      'platform package skipped',
    ])
  })

  it('prefers ROBERTORCH_LIBTORCH to LIBTORCH to the cache', () => {
    const cache = temporaryFolder()
    const own = fakeLibtorch(temporaryFolder(), '2.13.0+cpu')
    const common = fakeLibtorch(temporaryFolder(), '2.13.0+cu130')
    const cached = fakeLibtorch(cachedLibtorch({ ROBERTORCH_CACHE: cache }), '2.13.0+cpu')
    const env: NodeJS.ProcessEnv = { ROBERTORCH_CACHE: cache, LIBTORCH: common, ROBERTORCH_LIBTORCH: own }
    expect(search(env).run()?.folder).toBe(own)
    delete env.ROBERTORCH_LIBTORCH
    expect(search(env).run()?.folder).toBe(common)
    delete env.LIBTORCH
    expect(search(env).run()?.folder).toBe(cached)
  })

  it('ends at a folder that was asked for and is wrong, whatever else is there', () => {
    const cache = temporaryFolder()
    fakeLibtorch(cachedLibtorch({ ROBERTORCH_CACHE: cache }), version)
    const { run, steps } = search({ ROBERTORCH_CACHE: cache, LIBTORCH: '/no/such/folder' })
    expect(run).toThrow(LibtorchNotFoundError)
    expect(run).toThrow(/LIBTORCH points to .*\/no\/such\/folder does not exist/)
    expect(steps.at(-1)).toMatchObject({ what: 'LIBTORCH', outcome: 'failed' })
  })

  it('names both versions when they differ, and can be told not to care', () => {
    const folder = fakeLibtorch(temporaryFolder(), '2.7.1+cpu')
    const { run } = search({ LIBTORCH: folder })
    expect(run).toThrow(LibtorchVersionError)
    expect(run).toThrow(/needs LibTorch 2\.13\.0, but .* holds 2\.7\.1\+cpu/)
    expect(search({ LIBTORCH: folder, ROBERTORCH_SKIP_VERSION_CHECK: '1' }).run()?.folder).toBe(folder)
  })

  it('takes the torch that Python would import when asked', () => {
    const folder = fakeLibtorch(temporaryFolder(), version)
    const PATH = fakePrograms({ python3: `echo ${folder}` })
    expect(search({ LIBTORCH_USE_PYTORCH: '1', PATH }).run()?.folder).toBe(folder)
    const without = search({ LIBTORCH_USE_PYTORCH: '1', PATH: fakePrograms({ python3: 'echo' }) })
    expect(without.run).toThrow(/neither python3 nor python on PATH has torch/)
  })
})

describe('inspectLibtorch', () => {
  it('reads the version of a zip before that of a wheel', () => {
    const folder = fakeLibtorch(temporaryFolder(), '2.13.0+cpu')
    writeFileSync(join(folder, 'build-version'), '2.12.1+cu128\n')
    expect(inspectLibtorch(folder)).toMatchObject({
      version: '2.12.1+cu128',
      hasHeaders: false,
      cudaLibraries: [],
    })
  })

  it('says which library is missing', () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'lib'))
    expect(inspectLibtorch(folder)).toMatch(/is not LibTorch: .*c10.* is missing/)
  })
})

it('puts the cache where the system wants it', () => {
  expect(cacheFolder({ ROBERTORCH_CACHE: '/a/b', XDG_CACHE_HOME: '/x' }, 'linux')).toBe('/a/b')
  expect(cacheFolder({ XDG_CACHE_HOME: '/x' }, 'linux')).toBe('/x/robertorch')
  expect(cacheFolder({}, 'linux')).toMatch(/\.cache\/robertorch$/)
  expect(cacheFolder({}, 'darwin')).toMatch(/Library\/Caches\/robertorch$/)
  expect(cacheFolder({ LOCALAPPDATA: '/local' }, 'win32')).toBe('/local/robertorch')
})
