import { spawnSync } from 'node:child_process'
import { chmodSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import process from 'node:process'

import { BuildError } from '../../lib/errors.js'
import { packageRoot } from '../../lib/native/paths.js'

/** Writes the types of all operators from the schemas that LibTorch registers. */
export function generateOperators(script: string): void {
  node(['--import', 'tsx', script], 'generating the types of the operators')
}

/** Compiles `lib` to `dist` and makes the command executable. */
export function compileTypeScript(): void {
  // What was compiled from a source file that no longer exists must not be published.
  rmSync(join(packageRoot, 'dist'), { recursive: true, force: true })
  node([createRequire(import.meta.url).resolve('typescript/bin/tsc'), '-p', 'tsconfig.json'], 'tsc')
  chmodSync(join(packageRoot, 'dist', 'cli', 'index.js'), 0o755)
}

function node(args: readonly string[], what: string): void {
  const { status } = spawnSync(process.execPath, args, { cwd: packageRoot, stdio: 'inherit' })
  if (status !== 0) throw new BuildError(`${what} failed; its output stands above`)
}
