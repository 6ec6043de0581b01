// npm run names: PyTorch's public names against this package's; writes docs/parity.md and, for the test that keeps the
// page up to date, Python's list of names.
//
//   --page   only the page, from the list as it is: for a change that adds names here (needs no Python)

import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'

import { packageRoot } from '../lib/native/paths.js'
import { compareNames, type PythonNames, parityPage } from './names/table.js'
import { ensurePython } from './python.js'

const { values: options } = parseArgs({ options: { page: { type: 'boolean', default: false } } })
const list = join(packageRoot, 'test', 'fixtures', 'names', 'pytorch.json')

if (!options.page) {
  const script = join(packageRoot, 'scripts', 'names', 'names.py')
  const { status, error } = spawnSync(await ensurePython(), ['-B', script, list], { stdio: 'inherit' })
  if (status !== 0) throw new Error(`the Python side failed: ${error?.message ?? `exit code ${status}`}`)
}

const python: PythonNames = JSON.parse(readFileSync(list, 'utf8'))
const comparison = compareNames(python)
writeFileSync(join(packageRoot, 'docs', 'parity.md'), parityPage(python, comparison))
console.log('docs/parity.md is written')

const complaints = [
  ...comparison.unexplained.map((name) => `${name} is missing without a reason`),
  ...comparison.unused.map((pattern) => `${pattern} explains no missing name`),
]
if (complaints.length > 0) {
  console.error(`${complaints.join('\n')}\nwrite what is missing, or mend scripts/names/reasons.ts`)
  process.exitCode = 1
}
