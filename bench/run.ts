// npm run bench: robertorch beside Python's Transformers on this machine, in one run, in turns.
//
//   --quick        three rounds, to see that everything works
//   --only NAME    only cases whose name holds NAME (`load`, `forward`, `step`, `add`, `tokenize`, `event loop`,
//                  `types`: what type-checking and importing the package cost)
//   --rounds N     rounds of each case (default 10)
//   --threads N    threads of each side (default 2)
//   --no-build     measure what is built, without bringing it up to date
//
// A run of everything writes docs/benchmarks.md; any other prints only.

import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'

import { Command, InvalidArgumentError } from 'commander'

import { packageRoot } from '../lib/native/paths.js'
import { ensurePython } from '../scripts/python.js'
import { makeBatches } from './batches.js'
import type { Case } from './cases/case.js'
import { eventLoopCases } from './cases/event-loop.js'
import { forwardCases } from './cases/forward.js'
import { loadCase } from './cases/load.js'
import { operatorCases } from './cases/operators.js'
import { tokenizingCases } from './cases/tokenizing.js'
import { trainingCases } from './cases/training.js'
import { describeMachine } from './machine.js'
import { measurePackage } from './package-cost.js'
import { report } from './report.js'
import type { Results } from './results.js'
import { measureEventLoop, measureLoad, measureSection, type Setting } from './sections.js'
import { makeTexts } from './texts.js'

interface Options {
  quick?: boolean
  only?: string
  rounds?: number
  threads: number
  build: boolean
}

const fullRounds = 10
const quickRounds = 3

function positive(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('must be a whole number from 1')
  return value
}

const options = new Command('bench')
  .description("time and memory of robertorch beside Python's Transformers")
  .option('--quick', `${quickRounds} rounds; prints only`)
  .option('--only <name>', 'only cases whose name holds this; prints only')
  .option('--rounds <n>', `rounds of each case (default ${fullRounds})`, positive)
  .option('--threads <n>', 'threads of each side', positive, 2)
  .option('--no-build', 'measure what is built, without bringing it up to date')
  .parse()
  .opts<Options>()

const wanted = <C extends Case>(cases: readonly C[]): C[] =>
  cases.filter(({ name }) => name.includes(options.only ?? ''))

const allCases: readonly Case[] = [
  loadCase,
  ...forwardCases,
  ...trainingCases,
  ...tokenizingCases,
  ...operatorCases,
  ...eventLoopCases,
]
const packageCase = 'types and import'
const wantsPackage = packageCase.includes(options.only ?? '')
if (wanted(allCases).length === 0 && !wantsPackage) {
  const names = [...allCases.map(({ name }) => name), packageCase]
  throw new Error(`no case holds '${options.only}'; there are ${names.join(', ')}`)
}

/** Runs a program whose output belongs on the screen. @throws Error when it fails. */
function runProgram(program: string, args: readonly string[]): void {
  const { status, error } = spawnSync(program, args, {
    cwd: packageRoot,
    stdio: ['ignore', process.stderr.fd, process.stderr.fd],
  })
  if (status !== 0) throw new Error(`${args.join(' ')} failed: ${error?.message ?? `exit code ${status}`}`)
}

const here = (...path: string[]) => join(packageRoot, 'bench', ...path)

async function measureAll(setting: Setting): Promise<Results> {
  const results: Results = {
    date: new Date().toISOString().slice(0, 10),
    machine: describeMachine(),
    threads: setting.options.threads,
    rounds: setting.rounds,
    versions: { ours: {}, theirs: {} },
    probes: [],
    forward: [],
    training: [],
    tokenizing: [],
    operators: [],
    eventLoop: [],
    peaks: [],
  }
  const section = (cases: readonly Case[], after: string) =>
    cases.length === 0 ? [] : measureSection(setting, results, { cases, after })

  if (wanted([loadCase]).length > 0) await measureLoad(setting, results, loadCase.work)
  results.forward = await section(wanted(forwardCases), 'forward passes')
  results.training = await section(wanted(trainingCases), 'training steps')
  results.tokenizing = await section(wanted(tokenizingCases), 'tokenizing')
  results.operators = await section(wanted(operatorCases), 'small operators')
  const loops = wanted(eventLoopCases)
  if (loops.length > 0) await measureEventLoop(setting, results, loops)
  if (wantsPackage) results.packageCost = await measurePackage(setting.rounds, setting.say)
  return results
}

const python = await ensurePython()
if (options.build) runProgram(process.execPath, ['--import', 'tsx', join('scripts', 'build.ts')])
const folder = await mkdtemp(join(tmpdir(), 'robertorch-bench-'))
try {
  if (wanted(allCases).length > 0) runProgram(python, [here('peers', 'make_model.py'), folder])
  await writeFile(join(folder, 'texts.json'), JSON.stringify(makeTexts()))
  await writeFile(join(folder, 'batches.json'), JSON.stringify(makeBatches()))
  const results = await measureAll({
    ours: {
      name: 'robertorch',
      program: process.execPath,
      args: ['--import', 'tsx', here('peers', 'robertorch.ts')],
    },
    theirs: { name: 'Transformers', program: python, args: [here('peers', 'huggingface.py')] },
    options: { folder, threads: options.threads },
    rounds: options.rounds ?? (options.quick ? quickRounds : fullRounds),
    say: (what) => process.stderr.write(`bench: ${what}\n`),
  })
  const text = report(results)
  console.log(text)
  if (!options.quick && options.only === undefined) {
    await writeFile(join(packageRoot, 'docs', 'benchmarks.md'), text)
  }
} finally {
  await rm(folder, { recursive: true })
}
