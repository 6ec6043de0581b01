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

test(
  'ner: learns, and marks names in texts',
  async () => {
    const output = await run('ner', 0.03)
    expect(output).toMatch(/^whole names in the sentences held out: F1 [\d.]+ %, precision [\d.]+ %/m)
    // With the marks taken away the texts are what they were, emoji and all.
    const unmarked = output.replace(/\[([^[\]]+) (PER|LOC|ORG|MISC)\]/g, '$1')
    expect(unmarked).toContain('Marie Curie was born in Warsaw 🇵🇱 and worked at the University of Paris.')
    expect(unmarked).toContain('¡Olé! Miguel Induráin won the Tour de France five times')
  },
  patience,
)

test(
  'question-answering: learns, and points into texts',
  async () => {
    const output = await run('question-answering', 0.03)
    expect(output).toMatch(/^questions held out: F1 of the words [\d.]+ %, exactly the answer [\d.]+ %$/m)
    expect(output.match(/^(How high|Who climbed|When was).*\? {2}\S.* {2}[\d.]+ %$/gm)).toHaveLength(3)
  },
  patience,
)

test(
  'embeddings-and-search: finds more by meaning than by common words',
  async () => {
    const output = await run('embeddings-and-search', 0.1)
    const number = (pattern: RegExp) => Number(pattern.exec(output)?.[1])
    const byMeaning = number(/^the right paragraph first: ([\d.]+) %/m)
    expect(byMeaning).toBeGreaterThan(number(/^by common words first: +([\d.]+) %/m))
    expect(byMeaning).toBeGreaterThan(85)
    const [music, apple, law] = [...output.matchAll(/^(-?\d\.\d\d) {2}\S/gm)].map(([, score]) =>
      Number(score),
    )
    expect(music).toBeGreaterThan(apple as number)
    expect(apple).toBeGreaterThan(law as number)
  },
  patience,
)

test('a fraction that is none is refused', async () => {
  await expect(run('fill-mask', 2)).rejects.toThrow("--fraction must be above 0 and at most 1, is '2'")
})
