// npm run op-parity: PyTorch's operator database through the public facade; writes docs/op-parity.md.
//
//   --only NAME     entries of that name, no page is written (may be repeated)
//   --samples DIR   samples that an earlier run kept there, else made anew
//   --keep DIR      keep the samples there

import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'

import { torch } from '../../../lib/index.js'
import { packageRoot } from '../../../lib/native/paths.js'
import { ensurePython } from '../../../scripts/python.js'
import { replayAll } from './children.js'
import type { Entry, Index, Outcome } from './format.js'
import { report, summary } from './report.js'

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    samples: { type: 'string' },
    keep: { type: 'string' },
  },
})

async function makeSamples(folder: string): Promise<void> {
  const main = join(packageRoot, 'scripts', 'op_db', 'main.py')
  const { status, error } = spawnSync(await ensurePython(), [main, folder, ...options.only], {
    stdio: ['ignore', process.stderr.fd, process.stderr.fd],
    // Bytecode beside the scripts would lie in the repository.
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  })
  if (status !== 0) throw new Error(`the Python side failed: ${error?.message ?? `exit code ${status}`}`)
}

async function selected(folder: string, files: readonly string[]): Promise<string[]> {
  if (options.only.length === 0) return [...files]
  const names = await Promise.all(
    files.map(
      async (file) => (JSON.parse(await readFile(join(folder, `${file}.json`), 'utf8')) as Entry).name,
    ),
  )
  return files.filter((_, i) => options.only.includes(names[i] as string))
}

const temporary =
  (options.samples ?? options.keep) ? null : await mkdtemp(join(tmpdir(), 'robertorch-op-db-'))
const folder = (options.samples ?? options.keep ?? temporary) as string
try {
  if (options.samples === undefined) await makeSamples(folder)
  const index: Index = JSON.parse(await readFile(join(folder, 'index.json'), 'utf8'))
  const outcomes: Outcome[] = []
  await replayAll(folder, await selected(folder, index.files), (outcome) => {
    outcomes.push(outcome)
    if (outcome.passed < outcome.total) {
      const failures = JSON.stringify(outcome.failures)
      process.stderr.write(
        `${outcome.name} ${outcome.variant} ${outcome.passed}/${outcome.total} ${failures}\n`,
      )
    }
  })
  console.log(summary(outcomes))
  if (options.only.length === 0) {
    const page = join(packageRoot, 'docs', 'op-parity.md')
    await mkdir(join(packageRoot, 'docs'), { recursive: true })
    await writeFile(page, report(index, outcomes, torch.__version__))
    console.log('docs/op-parity.md is written')
  }
} finally {
  if (temporary !== null) await rm(temporary, { recursive: true })
}
