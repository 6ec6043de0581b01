/**
 * A training run that is killed at any moment, while it saves too, goes on from a whole checkpoint and ends as one that
 * was never interrupted. ROBERTORCH_KILLS=200 kills as often; default 6.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'

import { expect, test } from 'vitest'

import { packageRoot } from '../../lib/native/paths.js'
import { generator } from '../random.js'

const kills = Number(process.env.ROBERTORCH_KILLS ?? 6)
const script = join(packageRoot, 'test/stress/fixtures/trainer.ts')

function start(folder: string) {
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder], { cwd: packageRoot })
  const output = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { child, output }
}

/** Runs to the end. */
async function finish(folder: string): Promise<string> {
  const [stdout, stderr] = await start(folder).output
  if (stdout === '') throw new Error(`the run failed: ${stderr}`)
  return stdout
}

/** Kills the run some milliseconds after its first step; false when it had come to its end before. */
async function killAfter(folder: string, milliseconds: number): Promise<boolean> {
  const { child, output } = start(folder)
  await once(child.stderr, 'data')
  await setTimeout(milliseconds)
  child.kill('SIGKILL')
  const [stdout, stderr] = await output
  if (stdout === '' && !/^from .*\n$/.test(stderr)) throw new Error(`the run failed: ${stderr}`)
  return stdout === ''
}

test(
  `killed ${kills} times`,
  async () => {
    const random = generator(Number(process.env.ROBERTORCH_SEED ?? 1))
    const root = await mkdtemp(join(tmpdir(), 'robertorch-killed-'))
    try {
      const expected = await finish(join(root, 'whole'))
      for (let killed = 0, run = 0; killed < kills; run++) {
        const folder = join(root, String(run))
        while (killed < kills && (await killAfter(folder, random() * 400))) killed += 1
        expect(await finish(folder)).toBe(expected)
        expect((await readdir(folder)).filter((name) => !/^checkpoint-\d+$/.test(name))).toEqual([])
        await rm(folder, { recursive: true })
      }
    } finally {
      await rm(root, { recursive: true, force: true })
    }
  },
  60_000 + kills * 30_000,
)
