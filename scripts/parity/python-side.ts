/** Python's half of checks. */

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'

import { packageRoot } from '../../lib/native/paths.js'
import type { Context } from './check.js'

/** Runs checks in Python; each leaves its results in the folder. @throws Error when Python fails */
export function runPython(python: string, { folder, threads }: Context, checks: readonly string[]): void {
  process.stderr.write(`${threads} threads, Python\n`)
  const main = join(packageRoot, 'scripts', 'parity', 'main.py')
  const { status, error } = spawnSync(python, [main, folder, String(threads), ...checks], {
    stdio: ['ignore', process.stderr.fd, process.stderr.fd],
    // Bytecode beside the scripts would lie in the repository.
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', HF_HUB_OFFLINE: '1' },
  })
  if (status !== 0) throw new Error(`the Python side failed: ${error?.message ?? `exit code ${status}`}`)
}
