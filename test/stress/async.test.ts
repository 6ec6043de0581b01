import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'

import { describe, expect, it } from 'vitest'

import { packageRoot } from '../../lib/native/paths.js'

function run(scenario: string) {
  const command = ['--import', 'tsx', join(packageRoot, 'test/stress/fixtures/async.ts'), scenario]
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: packageRoot,
    encoding: 'utf8',
  })
  return { status, signal, stdout: stdout.trim(), stderr }
}

describe('forwardAsync', () => {
  // What goes wrong at an exit does so by chance.
  it.each([
    ['awaitedLast', '8,2', 3],
    ['exitInTheMiddle', 'leaving', 5],
    ['exitInACallback', 'leaving', 5],
    ['throwInTheMiddle', 'of the caller', 3],
    ['terminateWorkers', 'main computes', 1],
    ['threeAtOnce', 'equal', 2],
  ])('%s', (scenario, stdout, repetitions) => {
    for (let repetition = 0; repetition < repetitions; repetition++) {
      expect(run(scenario)).toEqual({ status: 0, signal: null, stdout, stderr: '' })
    }
  })
})
