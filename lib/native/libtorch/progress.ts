import process from 'node:process'

import cliProgress from 'cli-progress'

/** Shows how far a piece of work of known size has come. */
export interface Progress {
  /** Bytes done so far. */
  update(bytes: number): void
  stop(): void
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

/** Anything that lines and bars can be written to, as `process.stderr` can. */
export type Output = NodeJS.WritableStream & { isTTY?: boolean }

/** Without a terminal, a line each time that many more hundredths are done: logs stay short. */
const hundredthsPerLine = 10

const megabytes = (bytes: number) => Math.round(bytes / 1e6)

/**
 * A progress bar on a terminal, plain lines elsewhere.
 *
 * @param label what is going on, in the present participle: `downloading LibTorch`
 * @param total bytes
 */
export function createProgress(label: string, total: number, output: Output = process.stderr): Progress {
  return output.isTTY ? bar(label, total, output) : lines(label, total, output)
}

function bar(label: string, total: number, output: Output): Progress {
  const started = Date.now()
  const single = new cliProgress.SingleBar({
    stream: output,
    hideCursor: true,
    clearOnComplete: false,
    format: (options, { progress, value }) => {
      const seconds = Math.round((Date.now() - started) / 1000)
      const amount = `${megabytes(value)}/${megabytes(total)} MB`
      return `${label} ${cliProgress.Format.BarFormat(progress, options)} ${amount} ${seconds} s`
    },
  })
  single.start(total, 0)
  return { update: (bytes) => single.update(Math.min(bytes, total)), stop: () => single.stop() }
}

function lines(label: string, total: number, output: Output): Progress {
  const started = Date.now()
  let printed = -hundredthsPerLine
  return {
    update(bytes) {
      const hundredths = Math.min(100, Math.floor((100 * bytes) / total))
      if (hundredths < printed + hundredthsPerLine) return
      printed = hundredths - (hundredths % hundredthsPerLine)
      const seconds = Math.round((Date.now() - started) / 1000)
      output.write(`${label}: ${hundredths} % of ${megabytes(total)} MB, ${seconds} s\n`)
    },
    stop() {},
  }
}
