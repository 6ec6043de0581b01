/** Runs the workers; an operator that ends its process or hangs costs its own samples and nobody else's. */

import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import type { Entry, Outcome } from './format.js'

const worker = fileURLToPath(new URL('worker.ts', import.meta.url))
const silenceLimit = 180_000

/** Replays the files in order; calls `done` with the outcome of each, that of a crash included. */
export async function replayAll(
  folder: string,
  files: readonly string[],
  done: (outcome: Outcome) => void,
): Promise<void> {
  let left = [...files]
  while (left.length > 0) {
    const { finished, ending } = await runWorker(folder, left, done)
    const crashed = left[finished]
    if (crashed !== undefined) done(await crashOutcome(folder, crashed, ending))
    left = left.slice(finished + 1)
  }
}

async function runWorker(folder: string, files: readonly string[], done: (outcome: Outcome) => void) {
  const child = spawn(process.execPath, ['--import', 'tsx', worker, folder, ...files], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const exited = new Promise<string>((resolve) => {
    child.on('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), silenceLimit)
  let finished = 0
  for await (const line of createInterface({ input: child.stdout })) {
    timer.refresh()
    const message = JSON.parse(line) as Outcome | { begin: string }
    if ('begin' in message) continue
    finished++
    done(message)
  }
  clearTimeout(timer)
  return { finished, ending: await exited }
}

async function crashOutcome(folder: string, file: string, ending: string): Promise<Outcome> {
  const entry: Entry = JSON.parse(await readFile(join(folder, `${file}.json`), 'utf8'))
  const { name, variant, samples, excluded } = entry
  const failures = { [`the process ended: ${ending}`]: samples.length }
  return { file, name, variant, passed: 0, total: samples.length, excluded, failures }
}
