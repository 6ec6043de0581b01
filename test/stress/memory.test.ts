import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'

import { describe, expect, it } from 'vitest'

import { packageRoot } from '../../lib/native/paths.js'

interface Report {
  /** MiB after each step. */
  resident: number[]
  before: { tensors: number; allocations: number }
  after: { tensors: number; allocations: number }
}

function run(scenario: string): Report {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--expose-gc', '--import', 'tsx', join(packageRoot, 'test/stress/fixtures/memory.ts'), scenario],
    { cwd: packageRoot, encoding: 'utf8' },
  )
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return JSON.parse(stdout)
}

const highest = (values: number[], from: number, to: number) => Math.max(...values.slice(from, to))

// V8 collects after each 64 MiB that were reported to it, a little later when its marking threads get no time, and
// handles are released with each collection: resident memory is a sawtooth whose highest tooth may come after step 50.
// Its teeth differ by 16 MiB from one run to the next. Every scenario makes more than 2 GB in all, so that a leak of a
// sixtieth of it would show.
const sawtooth = 32

describe('500 steps without scope or dispose', () => {
  it.each(['train', 'trainAsync', 'forwardInGradMode', 'tensors', 'graphOfOperators'])('%s', (scenario) => {
    const { resident, before, after } = run(scenario)
    const shown = [0, 10, 50, 100, 200, 300, 400, 499].map((step) => `${step}: ${resident[step]?.toFixed(0)}`)
    console.log(`${scenario}: resident MiB by step ${shown.join(', ')}`)
    expect(resident).toHaveLength(500)
    expect(highest(resident, 50, 500) - highest(resident, 0, 50)).toBeLessThan(sawtooth)
    expect(highest(resident, 300, 500) - highest(resident, 100, 300)).toBeLessThan(sawtooth)
    // Whatever was made in between is gone, to the last tensor.
    expect(after).toEqual(before)
  })
})

it('a plain loop of 10,000 steps stays as large as after its first 1,000 (npm run soak: 100,000)', () => {
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', join(packageRoot, 'test/stress/soak.ts'), '--steps', '10000'],
    { cwd: packageRoot, encoding: 'utf8', timeout: 300_000 },
  )
  console.log(stdout)
  expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' })
  expect(stdout).toMatch(/^step 10000: \d+ MiB/m)
})
