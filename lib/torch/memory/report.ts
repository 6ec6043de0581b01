/** The leak report: live tensors by the line that made them. */

import { createRequire } from 'node:module'
import { inspect } from 'node:util'

import type Table from 'cli-table3'

import { native } from '../native.js'
import type { Tensor } from '../tensor.js'
import { isTracking, lineOf } from './tracking.js'

/** Live tensors that one line made. */
export interface AllocationSite {
  /** `file:line:column`, or in brackets why it is not known. */
  line: string
  tensors: number
  /** Of their storages; one that several tensors share counts where the first of them was made. */
  bytes: number
  /** The first of them in words: `float32[2, 3] cpu`. */
  sample: string
}

const inWords = (tensor: Tensor) =>
  `${tensor.dtype}[${tensor.shape.join(', ')}] ${tensor.device}`.replace('torch.', '')

/** What `torch.memory.report()` gives; `console.log` prints it as a table. */
export class MemoryReport {
  /** Those with most bytes first. */
  readonly sites: readonly AllocationSite[]
  readonly tensors: number
  readonly bytes: number

  constructor(live: readonly [tensor: Tensor, bytes: number][]) {
    const byLine = new Map<string, AllocationSite>()
    for (const [tensor, bytes] of live) {
      const line = lineOf(tensor)
      const site = byLine.get(line) ?? { line, tensors: 0, bytes: 0, sample: inWords(tensor) }
      byLine.set(line, { ...site, tensors: site.tensors + 1, bytes: site.bytes + bytes })
    }
    this.sites = [...byLine.values()].sort((a, b) => b.bytes - a.bytes || b.tensors - a.tensors)
    this.tensors = live.length
    this.bytes = live.reduce((total, [, bytes]) => total + bytes, 0)
  }

  toString(): string {
    // Loaded when it is needed: importing the package is to be quick.
    const TextTable = createRequire(import.meta.url)('cli-table3') as typeof Table
    const table = new TextTable({
      head: ['line', 'tensors', 'bytes', 'first of them'],
      colAligns: ['left', 'right', 'right', 'left'],
      style: { head: [], border: [] },
    })
    for (const { line, tensors, bytes, sample } of this.sites) {
      table.push([line, tensors, bytes.toLocaleString('en'), sample])
    }
    table.push(['all', this.tensors, this.bytes.toLocaleString('en'), ''])
    return isTracking() ? `${table}` : `${table}\n${trackingHint}`
  }

  [inspect.custom](): string {
    return this.toString()
  }
}

const trackingHint =
  'Lines are remembered after torch.memory.trackAllocations(true), or with ROBERTORCH_TRACK=1 in the environment.'

/**
 * The live tensors of this thread, grouped by the line of your code that made them: what a leak consists of. The
 * collector decides when an unreachable tensor goes; under `node --expose-gc`, call `gc()` first.
 */
export const report = (): MemoryReport => new MemoryReport(native.liveTensors())
