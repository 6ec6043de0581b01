import { describe, expect, it } from 'vitest'

import { BuildError } from '../../../lib/errors.js'
import { glibcVersion, libraryFileName, requireSupportedHost } from '../../../lib/native/platform.js'

const supported = { system: 'linux', processor: 'x64', glibc: '2.36' }

describe('requireSupportedHost', () => {
  it('accepts this machine and every supported one', () => {
    requireSupportedHost()
    requireSupportedHost(supported)
    requireSupportedHost({ system: 'linux', processor: 'arm64', glibc: '2.28' })
    requireSupportedHost({ system: 'darwin', processor: 'arm64', glibc: undefined })
    requireSupportedHost({ system: 'win32', processor: 'x64', glibc: undefined })
  })

  it.each([
    ['an operating system', { ...supported, system: 'freebsd' }, /freebsd.*supported: linux, darwin, win32/],
    ['a CPU', { ...supported, processor: 'ia32' }, /CPU ia32 .*supported: x64, arm64/],
    ['musl', { ...supported, glibc: undefined }, /no GNU C library.*[\s\S]*node:20-bookworm-slim/],
    ['an old glibc', { ...supported, glibc: '2.17' }, /glibc 2\.17 is too old.*2\.28/],
    [
      'a glibc that a comparison of strings would accept',
      { ...supported, glibc: '2.3' },
      /glibc 2\.3 is too old/,
    ],
  ])('refuses %s and says what is supported', (_, host, message) => {
    expect(() => requireSupportedHost(host)).toThrow(BuildError)
    expect(() => requireSupportedHost(host)).toThrow(message)
  })
})

it('names libraries as the system does', () => {
  expect(['linux', 'darwin', 'win32'].map((system) => libraryFileName('c10', system))).toEqual([
    'libc10.so',
    'libc10.dylib',
    'c10.dll',
  ])
})

it.runIf(process.platform === 'linux')('finds out the version of glibc', () => {
  expect(glibcVersion()).toMatch(/^2\.\d+$/)
})
