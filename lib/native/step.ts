/** One thing that was tried on the way to a loaded addon; `robertorch doctor` and load errors show all of them. */
export interface Step {
  /** What was tried, for example `LIBTORCH` or `user cache`. */
  what: string
  /** `ok`: found or loaded. `skipped`: not asked for or not there, which is fine. `failed`: should have worked. */
  outcome: 'ok' | 'skipped' | 'failed'
  /** The path found, or why not. */
  detail: string
}

const marks = { ok: '+', skipped: '-', failed: 'x' } as const

/** The steps as indented lines, to be put under a message. */
export function formatSteps(steps: readonly Step[]): string {
  return steps.map((step) => `  ${marks[step.outcome]} ${step.what}: ${step.detail}`).join('\n')
}
