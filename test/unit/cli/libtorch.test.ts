import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'

import { describe, expect, it } from 'vitest'

import { cachedLibtorch } from '../../../lib/native/libtorch/cache.js'
import { packageRoot } from '../../../lib/native/paths.js'
import { fakeLibtorch, temporaryFolder } from '../native/libtorch/fakes.js'

function robertorch(args: string[], env: NodeJS.ProcessEnv = {}) {
  const command = ['--import', 'tsx', join(packageRoot, 'lib/cli/index.ts'), ...args]
  return spawnSync(process.execPath, command, {
    encoding: 'utf8',
    cwd: packageRoot,
    env: { PATH: process.env.PATH, ROBERTORCH_CACHE: temporaryFolder(), ...env },
  })
}

describe('robertorch libtorch', () => {
  it('prints the folder alone, for scripts', () => {
    const folder = fakeLibtorch(temporaryFolder(), '2.13.0+cpu')
    expect(robertorch(['libtorch', 'path'], { LIBTORCH: folder })).toMatchObject({
      stdout: `${folder}\n`,
      status: 0,
    })
  })

  it('says what to run where LibTorch is missing, without a stack', () => {
    const { stderr, status } = robertorch(['libtorch', 'path'])
    expect(status).toBe(1)
    expect(stderr).toMatch(
      /not on this machine[\s\S]*user cache[\s\S]*hint: run `npx robertorch libtorch install`/,
    )
    expect(stderr).not.toMatch(/^\s+at /m)
  })

  it('installs nothing where it is already', () => {
    const ROBERTORCH_CACHE = temporaryFolder()
    const folder = fakeLibtorch(cachedLibtorch({ ROBERTORCH_CACHE }), '2.13.0+cpu')
    const { stdout, stderr } = robertorch(['libtorch', 'install'], { ROBERTORCH_CACHE })
    expect({ stdout, stderr }).toEqual({ stdout: `${folder}\n`, stderr: '' })
  })
})

describe('exit codes', () => {
  it.each([
    [['--version'], 0],
    [['--help'], 0],
    [['fine-tine'], 2],
    [['libtorch', 'path', '--fast'], 2],
  ])('%j ends with %i', (args, status) => {
    expect(robertorch(args).status).toBe(status)
  })
})
