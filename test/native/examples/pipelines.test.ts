import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Runs an example on a part of its data; returns what it prints. */
async function run(name: string, fraction: number): Promise<string> {
  const words = ['--import', 'tsx', `examples/${name}.ts`, '--fraction', String(fraction)]
  return (await promisify(execFile)(process.execPath, words, { cwd: root })).stdout
}

// Little data teaches little: that the programs run to their end is what is tested, and the form of what they print.
const patience = 300_000

test('fill-mask: a trained model knows most residues of an antibody', async () => {
  const [, right, all] = /^(\d+) of (\d+) residues/m.exec(await run('fill-mask', 0.2)) ?? []
  expect(Number(all)).toBe(20)
  expect(Number(right)).toBeGreaterThanOrEqual(15)
})

test(
  'sentiment: learns, and answers a stream',
  async () => {
    const output = await run('sentiment', 0.05)
    expect(output).toMatch(/^accuracy on the sentences held out: [\d.]+ %$/m)
    expect(output.match(/^(praise|complaint) +[\d.]+ % {2}\S.*$/gm)).toHaveLength(3)
  },
  patience,
)

test(
  'topics: learns, and ranks',
  async () => {
    const output = await run('topics', 0.05)
    expect(output).toMatch(/^accuracy on the texts held out: [\d.]+ %$/m)
    expect(output.match(/^ {2}(news|arts|religion|hobbies|government|science) +[\d.]+ %$/gm)).toHaveLength(6)
    expect(output.match(/^\w+ [\d.]+ %, \w+ [\d.]+ % +\S.*$/gm)).toHaveLength(3)
  },
  patience,
)

test('a fraction that is none is refused', async () => {
  await expect(run('fill-mask', 2)).rejects.toThrow("--fraction must be above 0 and at most 1, is '2'")
})
