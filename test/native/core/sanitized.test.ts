import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'

import { expect, it } from 'vitest'

import { packageRoot } from '../../../lib/native/paths.js'

const minutes = 60_000

// Compiling takes most of it.
it('passes the C++ tests and the fuzzer under sanitizers', { timeout: 5 * minutes }, () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', join(packageRoot, 'scripts/test-native.ts'), '50000'],
    { cwd: packageRoot, encoding: 'utf8' },
  )
  expect(stderr).toBe('')
  expect(stdout).toMatch(/^\d+ native tests passed, 0 failed\n50000 fuzzed safetensors headers/)
  expect(status).toBe(0)
})
