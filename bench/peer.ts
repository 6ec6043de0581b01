/** A peer: a long-lived child process that does one piece of work per line on its standard input. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

import type { Hello, PeerArguments, Work } from './protocol.js'

/** How to start a peer. */
export interface PeerProgram {
  /** `robertorch` or `Transformers`: what tables call it. */
  name: string
  program: string
  args: readonly string[]
}

const keptErrorCharacters = 4000

export class Peer {
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>
  #errors = ''

  private constructor(
    readonly name: string,
    child: ChildProcess,
  ) {
    const { stdout, stderr } = child
    if (stdout === null || stderr === null) throw new Error(`${name} has no pipes`)
    this.#child = child
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]()
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-keptErrorCharacters)
    })
    // A dead peer's pipe reports here as well; the missing reply tells it better.
    child.stdin?.on('error', () => {})
  }

  /**
   * Starts the process and waits until it has imported everything.
   *
   * @throws Error with what the process wrote when it ends before that.
   */
  static async start({ name, program, args }: PeerProgram, options: PeerArguments) {
    const child = spawn(program, [...args, options.folder, String(options.threads)], {
      env: plainEnvironment(options.threads),
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    await once(child, 'spawn') // rejects when the program does not start
    const peer = new Peer(name, child)
    const hello = await peer.#reply<Hello>()
    return { peer, hello }
  }

  get pid(): number {
    return this.#child.pid as number
  }

  /** Does one piece of work. @throws Error with the peer's own message when it fails. */
  run<Reply>(work: Work): Promise<Reply> {
    this.#child.stdin?.write(`${JSON.stringify(work)}\n`)
    return this.#reply<Reply>()
  }

  /** Ends the process and waits until its memory is free again. */
  async close(): Promise<void> {
    const { exitCode, signalCode } = this.#child
    if (exitCode !== null || signalCode !== null) return
    const exited = once(this.#child, 'exit')
    this.#child.stdin?.end()
    await exited
  }

  async #reply<Reply>(): Promise<Reply> {
    const { value, done } = await this.#lines.next()
    if (done) throw new Error(`${this.name} ended without a reply:\n${this.#errors}`)
    const reply = JSON.parse(value)
    if (typeof reply.error === 'string') throw new Error(`${this.name}: ${reply.error}`)
    return reply
  }
}

/** The caller's environment without what changes how fast either side is: allocators and threads. */
function plainEnvironment(threads: number): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(LD_PRELOAD|MALLOC_.*|GLIBC_TUNABLES|OMP_.*|GOMP_.*|MKL_.*|KMP_.*|NODE_OPTIONS)$/.test(name),
  )
  return {
    ...Object.fromEntries(kept),
    OMP_NUM_THREADS: String(threads),
    MKL_NUM_THREADS: String(threads),
    HF_HUB_OFFLINE: '1',
    TRANSFORMERS_VERBOSITY: 'error',
  }
}
