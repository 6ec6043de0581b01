import { spawnSync } from 'node:child_process'
import { chmodSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import process from 'node:process'

import { buildSync } from 'esbuild'

import { BuildError } from '../../lib/errors.js'
import { packageRoot } from '../../lib/native/paths.js'

/** What is opened by its name: the package, the command, threads and processes, and what the benchmark imports alone. */
const entries = [
  'index',
  'cli/index',
  'native/index',
  'native/libtorch/fetch-child',
  'transformers/tokenization/training/worker',
]

/** Writes the types of all operators from the schemas that LibTorch registers. */
export function generateOperators(script: string): void {
  node(['--import', 'tsx', script], 'generating the types of the operators')
}

/** Compiles `lib` to `dist` and makes the command executable. */
export function compileTypeScript(): void {
  const dist = join(packageRoot, 'dist')
  // What was compiled from a source file that no longer exists must not be published.
  rmSync(dist, { recursive: true, force: true })
  node([createRequire(import.meta.url).resolve('typescript/bin/tsc'), '-p', 'tsconfig.json'], 'tsc')
  bundle(dist)
  chmodSync(join(dist, 'cli', 'index.js'), 0o755)
}

/** Few files, because Node.js takes longer to find and compile hundreds of modules than to run them. */
function bundle(dist: string): void {
  try {
    buildSync({
      absWorkingDir: packageRoot,
      entryPoints: entries.map((name) => `lib/${name}.ts`),
      outbase: 'lib',
      outdir: dist,
      chunkNames: 'chunks/[name]-[hash]',
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20.19',
      packages: 'external',
      sourcemap: true,
      // Classes of one name in two files would else be renamed, and modules print the names of their classes.
      keepNames: true,
    })
  } catch (cause) {
    throw new BuildError('esbuild failed; its output stands above', { cause })
  }
}

function node(args: readonly string[], what: string): void {
  const { status } = spawnSync(process.execPath, args, { cwd: packageRoot, stdio: 'inherit' })
  if (status !== 0) throw new BuildError(`${what} failed; its output stands above`)
}
