import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'

import { expect, it } from 'vitest'

import { packageRoot } from '../../lib/native/paths.js'

const calls = 20_000
/** KiB of memory that the child may allocate, so that what asks for more fails instead of filling the machine. */
const memoryLimit = 6_000_000

const shellQuoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(' ')

it(`survives ${calls} calls of random operators with random arguments`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'robertorch-fuzz-'))
  try {
    const log = join(folder, 'log')
    const command = shellQuoted([
      process.execPath,
      '--import',
      pathToFileURL(join(packageRoot, 'node_modules/tsx/dist/loader.mjs')).href,
      join(packageRoot, 'test/stress/fixtures/operator-fuzz.ts'),
      '0',
      String(calls),
      log,
    ])
    // In a folder of its own: from_file makes files.
    const { status, signal, stdout, stderr } = spawnSync(
      'sh',
      ['-c', `ulimit -c 0; ulimit -d ${memoryLimit}; exec ${command}`],
      { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 28 },
    )
    const lastCall = readFileSync(log, 'utf8').trim()
    expect({ status, signal }, `${lastCall}\n${stderr.slice(-2000)}`).toEqual({ status: 0, signal: null })
    const { operators, returned, refused } = JSON.parse(stdout.trim().split('\n').at(-1) as string)
    expect(returned + refused).toBe(calls)
    // Neither must vanish: arguments that never fit, or a refusal that never comes, would test nothing.
    expect(returned).toBeGreaterThan(calls / 10)
    expect(refused).toBeGreaterThan(calls / 10)
    expect(operators).toBeGreaterThan(900)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
