import { spawn } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'

import { expect, it } from 'vitest'

import { packageRoot } from '../../../lib/native/paths.js'
import { commitOf } from '../hub/hub-server.js'
import { id, listing, setup, tiny } from '../hub/setup.js'

interface Ended {
  status: number | null
  stdout: string
  stderr: string
}

/** Not synchronous: the server answers in this process. */
function robertorch(args: string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const command = ['--import', 'tsx', join(packageRoot, 'lib/cli/index.ts'), ...args]
  const child = spawn(process.execPath, command, {
    cwd: packageRoot,
    env: { PATH: process.env.PATH, ...env },
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, stdout, stderr })))
}

it('brings what a model needs and prints its folder alone', async () => {
  const { server, cache, root } = await setup()
  const env = { HF_ENDPOINT: server.url, HF_HUB_CACHE: cache }
  const snapshot = join(root, 'snapshots', commitOf(tiny))
  expect(await robertorch(['download', id], env)).toEqual({ status: 0, stdout: `${snapshot}\n`, stderr: '' })
  const brought = Object.keys(listing(snapshot)).sort()
  expect(brought).toEqual(['config.json', 'model.safetensors', 'tokenizer.json'])
  server.close()
  expect(await robertorch(['download', id], { ...env, HF_HUB_OFFLINE: '1' })).toMatchObject({
    stdout: `${snapshot}\n`,
  })
})

it('says what to do when there is no such model, without a stack', async () => {
  const { server, cache } = await setup()
  const env = { HF_ENDPOINT: server.url, HF_HUB_CACHE: cache }
  const { status, stderr } = await robertorch(['download', 'no/where'], env)
  expect(status).toBe(1)
  expect(stderr).toMatch(/neither a folder no\/where here nor a model[\s\S]*hint: check the spelling/)
  expect(stderr).not.toMatch(/^\s+at /m)
})
