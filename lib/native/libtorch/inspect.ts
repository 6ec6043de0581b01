import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

import { libraryFileName } from '../platform.js'

/** A folder that holds LibTorch: the `torch` folder of a wheel or of an installed Python torch, or LibTorch's zip. */
export interface Libtorch {
  /** The folder that has `lib/` in it. */
  folder: string
  /** For example `2.13.0+cpu`; undefined when the folder has neither `version.py` nor `build-version`. */
  version: string | undefined
  /** The libraries to open, in order, as absolute paths. */
  libraries: string[]
  /** CUDA's libraries to open after those, empty in a CPU build. */
  cudaLibraries: string[]
  /** Whether `include/` is there, which only building needs. */
  hasHeaders: boolean
}

/** Name of the OpenMP run-time that LibTorch brings; its own copy must be the one that is loaded first. */
const openmp: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'libgomp.so.1',
  darwin: 'libomp.dylib',
  win32: 'libiomp5md.dll',
}

/**
 * Looks into a folder without loading anything.
 *
 * @returns the description, or a sentence saying what is missing.
 */
export function inspectLibtorch(folder: string): Libtorch | string {
  const lib = join(folder, 'lib')
  if (!existsSync(folder)) return `${folder} does not exist`
  for (const name of ['c10', 'torch_cpu']) {
    const path = join(lib, libraryFileName(name))
    if (!existsSync(path)) return `${folder} is not LibTorch: ${path} is missing`
  }
  const present = (names: string[]) => names.map((name) => join(lib, name)).filter((path) => existsSync(path))
  return {
    folder,
    version: readVersion(folder),
    libraries: present(
      [openmp[process.platform] ?? '', libraryFileName('c10'), libraryFileName('torch_cpu')].filter(Boolean),
    ),
    cudaLibraries: present([libraryFileName('c10_cuda'), libraryFileName('torch_cuda')]),
    hasHeaders: existsSync(join(folder, 'include', 'torch', 'headeronly', 'version.h')),
  }
}

function readVersion(folder: string): string | undefined {
  const zipFile = join(folder, 'build-version')
  if (existsSync(zipFile)) return readFileSync(zipFile, 'utf8').trim()
  const wheelFile = join(folder, 'version.py')
  if (!existsSync(wheelFile)) return undefined
  return /^__version__ = ['"]([^'"]+)['"]/m.exec(readFileSync(wheelFile, 'utf8'))?.[1]
}

/** Whether two versions name the same release; the suffix of the build (`+cpu`, `+cu130`) does not count. */
export function sameRelease(one: string, other: string): boolean {
  return one.split('+')[0] === other.split('+')[0]
}
