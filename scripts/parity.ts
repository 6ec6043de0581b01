// npm run parity: the same work here and in Python's PyTorch and Transformers on this machine, compared bit by bit.
//
//   --short       the form for CI: two threads, small models
//   --only NAME   one check
//
// Ends with 1 when anything differs. Bits depend on the CPU and the number of threads, so both sides always run here
// and now with the same number of them; stored numbers are compared within tolerances by `npm test`.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'

import Table from 'cli-table3'

import { ArgumentError, torch } from '../lib/index.js'
import { type Check, type Context, readPython } from './parity/check.js'
import { checks as allChecks } from './parity/checks.js'
import { differences } from './parity/compare.js'
import { runPython } from './parity/python-side.js'
import { ensurePython } from './python.js'

const shownDifferences = 5
const columnWidths = [17, 9, 44, 60, 7]

const { values: options } = parseArgs({
  options: { short: { type: 'boolean', default: false }, only: { type: 'string' } },
})
const checks = allChecks.filter(({ name }) => options.only === undefined || options.only === name)
if (checks.length === 0) {
  const names = allChecks.map(({ name }) => name).join(', ')
  throw new ArgumentError(`there is no check '${options.only}'`, { hint: `--only takes one of ${names}` })
}

interface Row {
  check: Check
  threads: number
  seconds: number
  equal: number
  differing: string[]
}

async function runAll(python: string, threads: number): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'robertorch-parity-'))
  const context: Context = { folder, threads, short: options.short }
  const rows: Row[] = []
  try {
    torch.set_num_threads(threads)
    for (const check of checks) await check.prepare?.(context)
    runPython(
      python,
      context,
      checks.map(({ name }) => name),
    )
    for (const check of checks) {
      const started = Date.now()
      const theirs = await readPython(context, check.name)
      const ours = await check.ours(context, theirs)
      const differing = differences(ours, theirs)
      const all = theirs.tensors.size + Object.keys(theirs.facts).length
      const seconds = (Date.now() - started) / 1000
      rows.push({ check, threads, seconds, equal: all - differing.length, differing })
      process.stderr.write(`${threads} threads, ${check.name}: ${differing.length} of ${all} differ\n`)
    }
  } finally {
    await rm(folder, { recursive: true })
  }
  return rows
}

function show(rows: readonly Row[]): string {
  const table = new Table({
    head: ['check', 'threads', 'compared', 'result', 's'],
    colWidths: columnWidths,
    wordWrap: true,
    style: { head: [], border: [] },
  })
  for (const { check, threads, seconds, equal, differing } of rows) {
    const more = differing.length - shownDifferences
    const result =
      differing.length === 0
        ? `all ${equal} equal`
        : [
            `${differing.length} of ${equal + differing.length} DIFFER`,
            ...differing.slice(0, shownDifferences),
            ...(more > 0 ? [`and ${more} more`] : []),
          ].join('\n')
    table.push([check.name, threads, check.compared, result, seconds.toFixed(1)])
  }
  return table.toString()
}

const python = await ensurePython()
const rows: Row[] = []
for (const threads of options.short ? [2] : [2, 1]) rows.push(...(await runAll(python, threads)))
console.log(show(rows))
const failed = rows.filter(({ differing }) => differing.length > 0)
console.log(`${rows.length - failed.length} checks equal, ${failed.length} differ`)
process.exitCode = failed.length === 0 ? 0 : 1
