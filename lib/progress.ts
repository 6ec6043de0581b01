/** How far a piece of work of known size has come: a bar on a terminal, a few plain lines elsewhere. */

import process from 'node:process'

import cliProgress from 'cli-progress'

/** Anything that lines and bars can be written to, as `process.stderr` can. */
export type ProgressOutput = NodeJS.WritableStream & { isTTY?: boolean }

export interface ProgressOptions {
  /** What is going on, in the present participle: `training`. */
  label: string
  /** The work in all, in any unit. */
  total: number
  /** What to say beside the bar about the work done so far. */
  describe: (done: number) => string
  /** Default: standard error, so that piped results stay clean. */
  output?: ProgressOutput
}

export interface Progress {
  /** Work done so far, in the unit of `total`. */
  update(done: number): void
  /** Ends the bar, at the end or on the way. */
  stop(): void
}

/** Logs stay short: a line each time that many more hundredths are done. */
const hundredthsPerLine = 10

/** Starts to show progress at nothing done. */
export function createProgress(options: ProgressOptions): Progress {
  const { output = process.stderr } = options
  return output.isTTY ? bar(options, output) : lines(options, output)
}

function bar({ label, total, describe }: ProgressOptions, stream: ProgressOutput): Progress {
  const single = new cliProgress.SingleBar({
    stream,
    hideCursor: true,
    // The last figures are those that matter, and they may come between two redraws.
    synchronousUpdate: true,
    format: (options, { progress, value }) =>
      `${label} ${cliProgress.Format.BarFormat(progress, options)} ${describe(value)}`,
    barsize: 24,
    barCompleteChar: '█',
    barIncompleteChar: '░',
  })
  single.start(total, 0)
  return { update: (done) => single.update(Math.min(done, total)), stop: () => single.stop() }
}

function lines({ label, total, describe }: ProgressOptions, output: ProgressOutput): Progress {
  let printed = 0
  return {
    update(done) {
      const hundredths = Math.min(100, Math.floor((100 * done) / total))
      if (hundredths < printed + hundredthsPerLine) return
      printed = hundredths - (hundredths % hundredthsPerLine)
      output.write(`${label}: ${hundredths} %, ${describe(done)}\n`)
    },
    stop() {},
  }
}
