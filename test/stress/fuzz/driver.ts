/** Runs the fuzz in child processes: one that crashes or hangs is noted, and the next goes on behind it. */

import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'

import { packageRoot } from '../../../lib/native/paths.js'

export interface FuzzOptions {
  seed: number
  first: number
  calls: number
  /** Stops with an error after this many seconds. */
  timeoutSeconds?: number
  onProgress?: (done: number) => void
  onFailure?: (failure: FuzzFailure) => void
}

export interface FuzzFailure {
  call: number
  /** The call as code that can be run again. */
  line: string
  /** What happened: a signal, a hang, an error that is no RobertorchError. */
  how: string
}

export interface FuzzResult {
  returned: number
  refused: number
  failures: FuzzFailure[]
}

/** A process keeps what LibTorch caches; a new one now and then bounds it. */
const callsOfChild = 5000
/** KiB of data that a child may allocate, so that what asks for more fails instead of filling the machine. */
const memoryLimit = 1_500_000
/** Longer than any call needs, on a busy machine too. */
const hangSeconds = 60

/** What a child has done: its log. */
function progress(log: string): { next: number; returned: number; refused: number; line: string } {
  const [next = '', returned, refused, ...line] = readFileSync(log, 'utf8').trim().split(' ')
  return { next: Number(next), returned: Number(returned), refused: Number(refused), line: line.join(' ') }
}

const shellQuoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(' ')

/** Runs one child to its end; says how it failed, or nothing. */
function runChild(
  folder: string,
  log: string,
  args: readonly string[],
  deadline: number,
): Promise<string | undefined> {
  const command = shellQuoted([
    process.execPath,
    '--import',
    pathToFileURL(join(packageRoot, 'node_modules/tsx/dist/loader.mjs')).href,
    join(packageRoot, 'test/stress/fuzz/child.ts'),
    ...args,
    log,
  ])
  // In a folder of its own: from_file makes files.
  const child = spawn('sh', ['-c', `ulimit -c 0; ulimit -d ${memoryLimit}; exec ${command}`], { cwd: folder })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      text = `${text}${chunk}`.slice(-2000)
    })
  }
  let killed: string | undefined
  let seen = { next: -1, at: Date.now() }
  const kill = (why: string) => {
    killed = why
    child.kill('SIGKILL')
  }
  const watch = setInterval(() => {
    const { next } = progress(log)
    if (next !== seen.next) seen = { next, at: Date.now() }
    if (Date.now() > deadline) kill('out of time')
    else if (Date.now() - seen.at > hangSeconds * 1000) kill(`did not end within ${hangSeconds} s`)
  }, 1000)
  return new Promise((resolve) => {
    child.on('close', (status, signal) => {
      clearInterval(watch)
      if (status === 0) resolve(undefined)
      else resolve(killed ?? (signal ? `killed by ${signal}` : `exit code ${status}: ${text.trim()}`))
    })
  })
}

/** Calls `calls` operators; the same seed and number make the same call. */
export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const { seed, first, calls, timeoutSeconds = Infinity } = options
  const deadline = Date.now() + timeoutSeconds * 1000
  const folder = mkdtempSync(join(tmpdir(), 'robertorch-fuzz-'))
  const log = join(folder, 'log')
  const result: FuzzResult = { returned: 0, refused: 0, failures: [] }
  try {
    for (let next = first; next < first + calls; ) {
      const count = Math.min(callsOfChild, first + calls - next)
      writeFileSync(log, `${next} 0 0 `)
      const how = await runChild(folder, log, [seed, next, count].map(String), deadline)
      const at = progress(log)
      result.returned += at.returned
      result.refused += at.refused
      next = at.next
      if (Date.now() > deadline) {
        throw new Error(
          `the fuzz made ${next - first} of ${calls} calls in ${timeoutSeconds} s; the last was\n${at.line}`,
        )
      }
      if (how !== undefined) {
        if (at.line === '') throw new Error(`the fuzz cannot start: ${how}`)
        const failure = { call: at.next, line: at.line, how }
        result.failures.push(failure)
        options.onFailure?.(failure)
        next++
      }
      options.onProgress?.(next - first)
    }
    return result
  } finally {
    rmSync(folder, { recursive: true })
  }
}
