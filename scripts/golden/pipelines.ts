// Writes test/fixtures/pipelines/golden.json: what Python's pipelines answer to the cases of the tests.
//
//   npx tsx scripts/golden/pipelines.ts

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { packageRoot } from '../../lib/native/paths.js'
import { readPython } from '../parity/check.js'
import { pipelines } from '../parity/pipelines.js'
import { runPython } from '../parity/python-side.js'
import { ensurePython } from '../python.js'

const folder = await mkdtemp(join(tmpdir(), 'robertorch-golden-'))
try {
  const context = { folder, threads: 1, short: true }
  await pipelines.prepare?.(context)
  runPython(await ensurePython(), context, [pipelines.name])
  const { facts } = await readPython(context, pipelines.name)
  // Seven digits are more than float32 has, and than the comparison looks at.
  const rounded = JSON.stringify(facts, (_, value) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(8)) : value,
  )
  await writeFile(join(packageRoot, 'test/fixtures/pipelines/golden.json'), `${rounded}\n`)
} finally {
  await rm(folder, { recursive: true })
}
