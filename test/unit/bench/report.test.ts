/** What the benchmark makes of its numbers; the numbers here are made up. */

import { describe, expect, it } from 'vitest'

import { paddedTokens, realTokens } from '../../../bench/batches.js'
import { requireSame } from '../../../bench/compare.js'
import { findings } from '../../../bench/findings.js'
import { digits, table } from '../../../bench/markdown.js'
import { report } from '../../../bench/report.js'
import type { Results } from '../../../bench/results.js'
import type { Measured } from '../../../bench/rounds.js'
import { summarize } from '../../../bench/statistics.js'

function measured(ours: number[], theirs: number[], others = 0): Measured {
  return {
    case: {
      name: 'forward 1x16',
      work: { work: 'forward', batch: '1x16', times: 1 },
      tokens: 16,
      flops: 2e9,
    },
    ours: summarize(ours),
    theirs: summarize(theirs),
    difference: 0,
    others,
  }
}

function resultsOf(forward: Measured[]): Results {
  return {
    date: '2026-01-02',
    machine: 'a machine',
    threads: 2,
    rounds: 5,
    versions: { ours: { Node: '20' }, theirs: { Python: '3' } },
    probes: [{ linear: 100, packed: 200 }],
    forward,
    training: [],
    tokenizing: [],
    operators: [],
    eventLoop: [],
    peaks: [],
  }
}

const steady = (value: number) => new Array<number>(5).fill(value)

describe('statistics', () => {
  it('interpolates quartiles', () => {
    expect(summarize([4, 1, 3, 2])).toEqual({ min: 1, median: 2.5, spread: 0.6, count: 4 })
  })

  it('refuses an empty sample', () => {
    expect(() => summarize([])).toThrow(RangeError)
  })
})

describe('comparison', () => {
  it('gives the largest difference', () => {
    expect(requireSame('x', [1, 2], [1, 2 + 5e-6])).toBeCloseTo(5e-6)
  })

  it.each([
    ['values', [1], [1.1]],
    ['lengths', [1], [1, 1]],
    ['NaN', [Number.NaN], [Number.NaN]],
  ])('refuses what is not the same: %s', (_, ours, theirs) => {
    expect(() => requireSame('forward 1x16', ours, theirs)).toThrow(
      /forward 1x16: results differ .*npm run parity/,
    )
  })
})

describe('findings', () => {
  it('say which side is faster', () => {
    expect(findings(resultsOf([measured(steady(10), steady(15))]))[0]).toContain(
      'faster in forward 1x16 (1.50×). All results of both are equal bit for bit.',
    )
    expect(findings(resultsOf([measured(steady(15), steady(10))]))[0]).toContain(
      'slower in forward 1x16 (0.67×)',
    )
  })

  it('do not take noise, or too few times, for a difference', () => {
    const noisy = [10, 20, 30, 40, 50]
    expect(findings(resultsOf([measured(noisy, steady(31))]))[0]).toContain(
      'no different beyond the noise in 1 of 1',
    )
    expect(findings(resultsOf([measured([10], [15])]))[0]).toContain(
      'no different beyond the noise in 1 of 1',
    )
  })

  it('say first that a run was disturbed', () => {
    expect(findings(resultsOf([measured(steady(10), steady(15), 0.4)]))[0]).toMatch(
      /Disturbed run.* up to 40 %/,
    )
  })
})

describe('report', () => {
  const text = report(resultsOf([measured(steady(10), steady(15))]))

  it('shows times, ratio, rate, part of the peak and agreement', () => {
    const row = text.split('\n').find((line) => line.startsWith('| forward 1x16'))
    const cells = row?.split('|').map((cell) => cell.trim())
    expect(cells?.slice(2, -1)).toEqual([
      '10.0 (10.0)',
      '15.0 (15.0)',
      '1.50×',
      '0 % / 0 %',
      '1600',
      '100 %',
      'equal bits',
      '0 %',
    ])
  })

  it('leaves out what was not measured', () => {
    expect(text).toContain('## Forward pass')
    expect(text).not.toContain('## Training step')
    expect(text).not.toContain('## Event loop')
  })

  it('writes numbers with three digits and tables with even columns', () => {
    expect([0.001234, 1.234, 12.34, 1234.5, 0].map(digits)).toEqual(['0.00123', '1.23', '12.3', '1235', '0'])
    const lengths = table(['a', 'b'], [['long cell', '1']])
      .split('\n')
      .map((line) => line.length)
    expect(new Set(lengths).size).toBe(1)
  })

  it('tells what the package costs, and leaves out what was not measured', () => {
    const packageCost = { types: summarize([1900]), libtorch: summarize([180]), import: summarize([120]) }
    const text = report({ ...resultsOf([]), packageCost })
    expect(text).toMatch(/^## Types and import$/m)
    expect(text).toMatch(/beyond that +\| +120 \(120\) +\| +150 \|/)
    expect(text).not.toContain('What stands out')
    expect(report(resultsOf([measured(steady(1), steady(1))]))).not.toContain('Types and import')
  })
})

describe('batches', () => {
  it('count real and padded tokens', () => {
    expect(realTokens('ragged 16x8..128')).toBe(1088)
    expect(paddedTokens('ragged 16x8..128')).toBe(2048)
    expect(() => realTokens('2x2')).toThrow(/no batch '2x2'/)
  })
})
