import { parseArgs } from 'node:util'

import { ArgumentError, torch } from 'robertorch'

/** What `--fraction` says: the part of the data to use, above 0, at most 1. */
export function readFraction(args = process.argv.slice(2)): number {
  const { values } = parseArgs({ args, options: { fraction: { type: 'string', default: '1' } } })
  const fraction = Number(values.fraction)
  if (fraction > 0 && fraction <= 1) return fraction
  throw new ArgumentError(`--fraction must be above 0 and at most 1, is '${values.fraction}'`)
}

/** A part of a list, drawn at random, the same each time. */
export function draw<T>(all: readonly T[], fraction: number): T[] {
  const generator = new torch.Generator().manual_seed(0)
  const order = torch.randperm(all.length, { generator }).tolist() as number[]
  return order.slice(0, Math.ceil(all.length * fraction)).map((i) => all[i] as T)
}
