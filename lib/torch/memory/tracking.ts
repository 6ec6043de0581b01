/**
 * Which line made a tensor. While switched on, every tensor object is constructed by a function that looks at the stack;
 * while off, native code is back to the plain class and pays nothing.
 */

import { findSourceMap } from 'node:module'
import { sep } from 'node:path'
import process from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'

import { codeFolder } from '../../native/paths.js'
import { native } from '../native.js'
import { Tensor } from '../tensor.js'

interface Site {
  file: string
  line: number
  column: number
}

/** Deep enough to leave a training loop's own helpers; each further frame costs time for every tensor. */
const framesLookedAt = 32
const packageFolder = codeFolder + sep
const packageUrl = pathToFileURL(packageFolder).href

const sites = new WeakMap<Tensor, Site | undefined>()

const isPackage = (file: string) => file.startsWith(packageUrl) || file.startsWith(packageFolder)

// As numbers and at once: a stack that is kept unformatted would keep the receivers of its frames, tensors among them.
function siteOf(frames: NodeJS.CallSite[]): Site | undefined {
  for (const frame of frames) {
    const file = frame.getFileName()
    if (!file || file.startsWith('node:') || isPackage(file)) continue
    return { file, line: frame.getLineNumber() ?? 0, column: frame.getColumnNumber() ?? 0 }
  }
  return undefined
}

function here(): Site | undefined {
  const { prepareStackTrace, stackTraceLimit } = Error
  const holder: { stack?: unknown } = {}
  Error.stackTraceLimit = framesLookedAt
  Error.prepareStackTrace = (_, frames) => frames
  try {
    Error.captureStackTrace(holder, here)
    return siteOf(holder.stack as NodeJS.CallSite[])
  } finally {
    Error.prepareStackTrace = prepareStackTrace
    Error.stackTraceLimit = stackTraceLimit
  }
}

function TrackedTensor(this: Tensor): void {
  sites.set(this, here())
}
TrackedTensor.prototype = Tensor.prototype

let tracking = false

/**
 * From now on (or no longer) remembers which line made each tensor, for `torch.memory.report()`. The environment variable
 * ROBERTORCH_TRACK=1 switches it on at import. Makes every tensor some microseconds dearer; off, it costs nothing.
 */
export function trackAllocations(on: boolean): void {
  tracking = on
  native.setTensorClass(on ? TrackedTensor : Tensor)
}

export const isTracking = (): boolean => tracking

const readable = (file: string) => (file.startsWith('file:') ? fileURLToPath(file) : file)

/** `file:line:column` in the source where Node has its map (--enable-source-maps), else in the JavaScript that ran. */
function written({ file, line, column }: Site): string {
  const origin = findSourceMap(file)?.findOrigin(line, column)
  if (origin && 'fileName' in origin) {
    return `${readable(origin.fileName)}:${origin.lineNumber}:${origin.columnNumber}`
  }
  return `${readable(file)}:${line}:${column}`
}

/** The line of the caller's code that made a tensor, or in brackets why there is none. */
export function lineOf(tensor: Tensor): string {
  if (!sites.has(tensor)) return '(made before tracking was switched on)'
  const site = sites.get(tensor)
  return site === undefined ? '(result of an asynchronous call)' : written(site)
}

if (process.env.ROBERTORCH_TRACK === '1') trackAllocations(true)
