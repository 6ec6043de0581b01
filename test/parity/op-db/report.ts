/** docs/op-parity.md */

import type { Index, Outcome } from './format.js'

const percent = (part: number, whole: number) =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
const escapeCell = (text: string) => text.replace(/\|/g, '\\|').replace(/</g, '&lt;')
const title = ({ name, variant }: Outcome) => (variant ? `${name} (${variant})` : name)

/** The share that passed and the numbers behind it, in one line. */
export function summary(outcomes: readonly Outcome[]): string {
  const total = sum(outcomes.map((outcome) => outcome.total))
  const passed = sum(outcomes.map((outcome) => outcome.passed))
  const complete = outcomes.filter((outcome) => outcome.total > 0 && outcome.passed === outcome.total).length
  const tried = outcomes.filter((outcome) => outcome.total > 0).length
  return `${passed} of ${total} samples (${percent(passed, total)}) equal PyTorch's; ${complete} of ${tried} entries in full`
}

/** The whole page. */
export function report(index: Index, outcomes: readonly Outcome[], ours: string): string {
  const failing = outcomes.filter(({ passed, total }) => passed < total)
  const excluded = outcomes.filter((outcome) => Object.keys(outcome.excluded).length > 0)
  return `# PyTorch's operator database, replayed

Made by \`npm run op-parity\` on ${new Date().toISOString().slice(0, 10)}: PyTorch ${index.versions.torch}, Python ${index.versions.python}; robertorch on LibTorch ${ours}, Node ${process.versions.node}.

${summary(outcomes)}.

Each sample of \`torch.testing._internal.common_methods_invocations.op_db\` for float32, int64 and bool is called in Python
and through the public facade here, with the same seed: results and gradients must have the same dtype, shape and values
(integers exactly, others within \`torch.testing\`'s default tolerances), error inputs must be refused. What cannot be given
from JavaScript is not counted and stands below with its reason. JavaScript cannot tell 2.0 from 2: where a sample's dtype
hangs on that, it fails, and is counted as failing.

## Failing

| entry | passed | of | reasons (samples) |
|---|---|---|---|
${failing.map((outcome) => `| ${title(outcome)} | ${outcome.passed} | ${outcome.total} | ${reasons(outcome.failures)} |`).join('\n')}

## Not counted

| entry | reasons (samples) |
|---|---|
${excluded.map((outcome) => `| ${title(outcome)} | ${reasons(outcome.excluded)} |`).join('\n')}
${Object.entries(index.failed)
  .map(([name, message]) => `| ${name} | Python itself: ${escapeCell(message.split('\n')[0] as string)} |`)
  .join('\n')}

## Equal in full

${outcomes
  .filter(({ passed, total }) => total > 0 && passed === total)
  .map((outcome) => `${title(outcome)} ${outcome.total}`)
  .join(', ')}
`
}

const reasons = (counts: Record<string, number>) =>
  Object.entries(counts)
    .sort((a, b) => b[1] - a[1])
    .slice(0, 3)
    .map(([reason, count]) => `${escapeCell(reason)} (${count})`)
    .join('; ')
