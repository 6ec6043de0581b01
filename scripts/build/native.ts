import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import process from 'node:process'

import { BuildError } from '../../lib/errors.js'
import type { Libtorch } from '../../lib/native/libtorch/inspect.js'
import { packageRoot } from '../../lib/native/paths.js'

/** The compiler takes up to this much memory for one file that includes LibTorch's headers. */
const bytesPerCompilation = 2 * 1024 ** 3

/** CMake's own folder: `node-gyp rebuild` keeps its files in `build/` itself. */
const workFolder = join(packageRoot, 'build', 'cmake')

/**
 * Builds `build/Release/robertorch.node` and the addon beside it with cmake-js.
 *
 * @param cmakeOptions further `-D` options, as `NAME=value`
 * @throws BuildError when CMake or the compiler fails; their output stands above it.
 */
export function buildNative(libtorch: Libtorch, cmakeOptions: readonly string[] = []): void {
  forgetMovedTree()
  // CMake's cache would keep what an earlier build was given.
  const defaults = [
    `ROBERTORCH_LIBTORCH=${libtorch.folder}`,
    `ROBERTORCH_OUTPUT=${join(packageRoot, 'build', 'Release')}`,
    'ROBERTORCH_SANITIZE=',
  ]
  const options = [...defaults, ...cmakeOptions].map((option) => `--CD${option}`)
  const jobs = Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / bytesPerCompilation)))
  cmakeJs(['configure', ...options])
  cmakeJs(['build', ...options, '--parallel', String(jobs)])
}

function cmakeJs(args: readonly string[]): void {
  const program = createRequire(import.meta.url).resolve('cmake-js/bin/cmake-js')
  const common = ['--directory', packageRoot, '--out', workFolder, '--log-level', 'warn']
  const { status, error } = spawnSync(process.execPath, [program, ...args, ...common], {
    cwd: packageRoot,
    stdio: 'inherit',
  })
  if (status === 0) return
  throw new BuildError(
    `cmake-js ${args[0]} failed${error ? `: ${error.message}` : ''}; its output stands above`,
    {
      hint: 'if no source file is at fault, remove the folder build/ and run `npm run build` again',
    },
  )
}

/** CMake refuses a cache that was made in another folder, as in a checkout that was moved or copied. */
function forgetMovedTree(): void {
  const cache = join(workFolder, 'CMakeCache.txt')
  if (!existsSync(cache)) return
  const home = /^CMAKE_HOME_DIRECTORY:INTERNAL=(.*)$/m.exec(readFileSync(cache, 'utf8'))?.[1]
  if (home !== undefined && resolve(home) === packageRoot) return
  rmSync(workFolder, { recursive: true })
}
