import process from 'node:process'

import { Command } from 'commander'
import colors from 'picocolors'

import { type Diagnosis, diagnose } from '../native/diagnose.js'
import type { Step } from '../native/step.js'

/** `robertorch doctor`: what was searched, found and loaded. Ends with 1 when the addon does not load. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('show what was searched, found and loaded, versions, CPU, threads, and why CUDA is off')
    .option('--json', 'print JSON instead of text')
    .action(({ json }: { json?: boolean }) => {
      const diagnosis = diagnose()
      process.stdout.write(json ? `${JSON.stringify(diagnosis, null, 2)}\n` : format(diagnosis))
      if (diagnosis.error !== null) process.exitCode = 1
    })
}

function format({
  versions,
  machine,
  threads,
  allocator,
  environment,
  cuda,
  steps,
  error,
}: Diagnosis): string {
  const sections = [
    section('versions', Object.entries(versions)),
    section('machine', Object.entries(machine)),
    section('threads', Object.entries(threads)),
    section('memory allocator', Object.entries(allocator)),
    section('environment variables', Object.entries(environment), 'none that matters is set'),
    section('CUDA', [['state', cuda]]),
    `${colors.bold('searched, found and loaded')}\n${steps.map(line).join('')}`,
  ]
  const verdict =
    error === null
      ? colors.green('robertorch is ready')
      : `${colors.red(`robertorch cannot be loaded (${error.code})`)}\n${error.message}`
  return `${sections.join('\n')}\n${verdict}\n`
}

function section(title: string, rows: [string, unknown][], empty = ''): string {
  const width = Math.max(0, ...rows.map(([name]) => name.length))
  const lines = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value ?? colors.dim('unknown')}\n`)
  return `${colors.bold(title)}\n${lines.join('') || `  ${empty}\n`}`
}

function line({ what, outcome, detail }: Step): string {
  const mark = { ok: colors.green('+'), skipped: colors.dim('-'), failed: colors.red('x') }[outcome]
  return `  ${mark} ${what}: ${detail}\n`
}
