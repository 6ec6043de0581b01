import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'

import { describe, expect, it } from 'vitest'

import { packageRoot } from '../../lib/native/paths.js'

/** Each scenario several times: what goes wrong here does so by chance. */
const repetitions = 3

function run(scenario: string) {
  const command = ['--import', 'tsx', join(packageRoot, 'test/stress/fixtures/workers.ts'), scenario]
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, command, {
    encoding: 'utf8',
    cwd: packageRoot,
    timeout: 60_000,
  })
  return { status, signal, lines: stdout.trim().split('\n').sort(), stderr }
}

describe('the addon in worker threads', () => {
  it.each([
    ['together', ['main', 'main again', 'worker 0', 'worker 1']],
    ['workersOnly', ['first worker', 'worker 0', 'worker 1']],
    ['oneAfterAnother', Array.from({ length: 8 }, (_, index) => `worker ${index}`)],
    ['terminate', ['main after terminate']],
    ['processExit', ['exit']],
  ])('%s', (scenario, lines) => {
    for (let repetition = 0; repetition < repetitions; repetition++) {
      expect(run(scenario)).toEqual({ status: 0, signal: null, lines, stderr: '' })
    }
  })
})
