/** Progress of work that is counted in bytes: downloads and unpacking. */

import { createProgress, type Progress, type ProgressOutput } from './progress.js'

const megabytes = (bytes: number) => Math.round(bytes / 1e6)

/**
 * A progress bar on a terminal, plain lines elsewhere, in megabytes and seconds.
 *
 * @param label what is going on, in the present participle: `downloading LibTorch`
 * @param total bytes
 * @param output default: standard error
 */
export function createByteProgress(label: string, total: number, output?: ProgressOutput): Progress {
  const started = Date.now()
  const describe = (bytes: number) =>
    `${megabytes(bytes)}/${megabytes(total)} MB ${Math.round((Date.now() - started) / 1000)} s`
  return createProgress({ label, total, describe, output })
}

/** A stage for `stream.pipeline` that passes everything on and reports the bytes seen, counted from `done`. */
export function counting(progress: Progress, done = 0) {
  let sum = done
  return async function* count(source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      sum += chunk.length
      progress.update(sum)
      yield chunk
    }
  }
}
