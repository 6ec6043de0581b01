import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'

import { expect, it } from 'vitest'

import type { Diagnosis } from '../../lib/native/diagnose.js'
import { packageRoot } from '../../lib/native/paths.js'

function doctor(args: string[], env: NodeJS.ProcessEnv = {}) {
  const command = ['--import', 'tsx', join(packageRoot, 'lib/cli/index.ts'), 'doctor', ...args]
  const options = {
    encoding: 'utf8',
    cwd: packageRoot,
    env: { ...process.env, NO_COLOR: '1', ...env },
  } as const
  return spawnSync(process.execPath, command, options)
}

it('describes a healthy installation', () => {
  const { stdout, status } = doctor(['--json'], { OMP_NUM_THREADS: '1' })
  expect(status).toBe(0)
  const diagnosis = JSON.parse(stdout) as Diagnosis
  expect(diagnosis.error).toBeNull()
  expect(diagnosis.versions).toMatchObject({
    'LibTorch compiled against': '2.13.0',
    'Node.js': process.versions.node,
  })
  expect(diagnosis.threads['threads per operator']).toBe(1)
  expect(diagnosis.environment).toMatchObject({ OMP_NUM_THREADS: '1' })
  expect(diagnosis.steps.at(-1)).toMatchObject({ what: 'addon', outcome: 'ok' })
  expect(diagnosis.cuda).not.toBe('')
})

it('prints the same for people', () => {
  const { stdout, status } = doctor([])
  expect(status).toBe(0)
  expect(stdout).toMatch(
    /LibTorch +2\.13\.0[\s\S]*CPU features[\s\S]*CUDA[\s\S]*\+ addon: .*\n\nrobertorch is ready\n$/,
  )
})

it('works where loading fails, and says so in the exit code', () => {
  const { stdout, status } = doctor([], { ROBERTORCH_LIBTORCH: '/no/such/folder' })
  expect(status).toBe(1)
  expect(stdout).toMatch(/x ROBERTORCH_LIBTORCH: \/no\/such\/folder does not exist/)
  expect(stdout).toMatch(
    /robertorch cannot be loaded \(ERR_LIBTORCH_NOT_FOUND\)[\s\S]*hint: set ROBERTORCH_LIBTORCH/,
  )
  expect(stdout).toMatch(/Node\.js +\d+\./)
})
