import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))

test('the seed guide learns in three epochs and predicts', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', 'examples/seed-guide.ts'],
    { cwd: root },
  )
  const losses = [...stdout.matchAll(/^epoch \d: mean loss ([\d.]+)$/gm)].map((match) => Number(match[1]))
  expect(losses).toHaveLength(3)
  expect(losses[2]).toBeLessThan(losses[0] as number)
  // Which label a model of 48 training sentences gives differs between CPUs; that it gives one does not.
  expect(stdout.match(/^(positive|negative): .+$/gm)).toHaveLength(2)
})
