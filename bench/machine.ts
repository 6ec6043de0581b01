/** What the machine is and does: its name, the CPU time that others take, the memory of a process. */

import { readFileSync } from 'node:fs'
import os from 'node:os'
import process from 'node:process'

/** The machine's name: what it is, not which one. */
export function describeMachine(): string {
  const [first] = os.cpus()
  const gibibytes = Math.round(os.totalmem() / 2 ** 30)
  const kernel = `${os.type()} ${os.release().split('.').slice(0, 2).join('.')}`
  return `${first?.model.trim() ?? 'unknown CPU'}, ${os.availableParallelism()} cores, ${gibibytes} GiB, ${kernel}`
}

/** The most resident memory a process has had, in bytes; undefined where the system does not say (no /proc). */
export function peakMemory(pid: number): number | undefined {
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB/m.exec(readProc(`/proc/${pid}/status`) ?? '') ?? []
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024
}

/** Watches how much of the CPU time goes to processes that are not ours; undefined where there is no /proc. */
export class OtherLoad {
  readonly #pids: readonly number[]
  readonly #start: Ticks | undefined

  constructor(pids: readonly number[]) {
    this.#pids = [...pids, process.pid]
    this.#start = readTicks(this.#pids)
  }

  /** Part of all cores' time since the constructor, from 0 to 1. */
  share(): number | undefined {
    const end = readTicks(this.#pids)
    if (this.#start === undefined || end === undefined) return undefined
    const all = end.all - this.#start.all
    const others = end.busy - this.#start.busy - (end.own - this.#start.own)
    // Counters are read one after the other and may be a tick apart.
    return all === 0 ? 0 : Math.max(0, others / all)
  }
}

interface Ticks {
  all: number
  busy: number
  own: number
}

function readTicks(pids: readonly number[]): Ticks | undefined {
  const line = readProc('/proc/stat')?.split('\n')[0]
  if (line === undefined) return undefined
  // user nice system idle iowait irq softirq steal; guest time is part of user time.
  const counters = line.trim().split(/\s+/).slice(1, 9).map(Number)
  const [, , , idle = 0, iowait = 0] = counters
  const all = counters.reduce((sum, ticks) => sum + ticks, 0)
  const own = pids.reduce((sum, pid) => sum + processTicks(pid), 0)
  return { all, busy: all - idle - iowait, own }
}

/** User and system time of a process, with all its threads. */
function processTicks(pid: number): number {
  // The name in parentheses may hold spaces.
  const fields = readProc(`/proc/${pid}/stat`)?.split(') ')[1]?.split(' ') ?? []
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0)
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
