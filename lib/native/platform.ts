import process from 'node:process'

import { BuildError } from '../errors.js'

/** `<os>-<cpu>` as Node names them, for example `linux-x64`. */
export const platformKey = `${process.platform}-${process.arch}`

const systems = ['linux', 'darwin', 'win32']
const processors = ['x64', 'arm64']

/** LibTorch's wheels carry the tag manylinux_2_28: they need at least this glibc. */
const minimumGlibc = '2.28'

/** The part of the running process that decides whether LibTorch can work here. */
export interface Host {
  /** `process.platform` */
  system: string
  /** `process.arch` */
  processor: string
  /** Version of the GNU C library, undefined on other systems and on musl. */
  glibc: string | undefined
}

/** Version of the GNU C library that Node runs on; undefined on musl, macOS and Windows. */
export function glibcVersion(): string | undefined {
  if (process.platform !== 'linux') return undefined
  // Without this the report resolves host names, which can take seconds.
  Object.assign(process.report, { excludeNetwork: true })
  const report = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } }
  return report.header.glibcVersionRuntime
}

/** The machine that this process runs on. */
export function currentHost(): Host {
  return { system: process.platform, processor: process.arch, glibc: glibcVersion() }
}

/**
 * Refuses systems that no LibTorch exists for.
 *
 * @throws BuildError naming the system or processor found and those supported.
 */
export function requireSupportedHost(host: Host = currentHost()): void {
  if (!systems.includes(host.system)) {
    throw new BuildError(
      `operating system ${host.system} is not supported (supported: ${systems.join(', ')})`,
      {
        hint: 'use Linux, macOS or Windows (a Linux container or virtual machine works as well)',
      },
    )
  }
  if (!processors.includes(host.processor)) {
    throw new BuildError(`CPU ${host.processor} is not supported (supported: ${processors.join(', ')})`, {
      hint: 'LibTorch exists for 64-bit x86 and ARM only: use a 64-bit Node.js on such a machine',
    })
  }
  if (host.system === 'linux' && host.glibc === undefined) {
    throw new BuildError(
      'this Linux has no GNU C library (Alpine and other musl systems): LibTorch needs glibc',
      {
        hint: 'use an image that has glibc, for example node:20-bookworm-slim instead of node:20-alpine',
      },
    )
  }
  if (host.glibc !== undefined && isOlder(host.glibc, minimumGlibc)) {
    throw new BuildError(`glibc ${host.glibc} is too old: LibTorch needs at least ${minimumGlibc}`, {
      hint: 'use a newer distribution: Debian 10, Ubuntu 20.04, RHEL 8 or later',
    })
  }
}

function isOlder(version: string, limit: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [limitMajor = 0, limitMinor = 0] = limit.split('.').map(Number)
  return major < limitMajor || (major === limitMajor && minor < limitMinor)
}

/** File name of a shared library here: `c10` becomes `libc10.so`, `libc10.dylib` or `c10.dll`. */
export function libraryFileName(name: string, system: string = process.platform): string {
  if (system === 'win32') return `${name}.dll`
  return system === 'darwin' ? `lib${name}.dylib` : `lib${name}.so`
}
