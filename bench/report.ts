/** The results of a run as docs/benchmarks.md. */

import { paddedTokens } from './batches.js'
import { findings, ratio } from './findings.js'
import { digits, megabytes, orDash, percent, table, times } from './markdown.js'
import type { LoadTimes, Results } from './results.js'
import type { Measured } from './rounds.js'
import { quantile, type Summary } from './statistics.js'

const milliseconds = ({ median, min }: Summary) => `${digits(median)} (${digits(min)})`
const spreads = ({ ours, theirs }: Measured) => `${percent(ours.spread)} / ${percent(theirs.spread)}`
const others = (part: { others: number | undefined }) => orDash(part.others, percent)
const agreement = ({ difference }: Measured) =>
  difference === 0 ? 'equal bits' : difference.toExponential(1)
const versions = (of: Record<string, string>) =>
  Object.entries(of)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')

/** The whole document. Sections without results are left out. */
export function report(results: Results): string {
  const sections = [
    heading(results),
    findingsSection(results),
    modelSection('Forward pass', 'Evaluation mode, no gradients.', results.forward, results),
    modelSection(
      'Training step',
      'Forward with dropout 0.1, loss, backward, AdamW (fused on both sides), gradients set to none.',
      results.training,
      results,
    ),
    loadSection(results),
    memorySection(results),
    eventLoopSection(results),
    modelSection(
      'Tokenization',
      'RoBERTa: a batch of 4,000 lines of prose and code as padded int64 arrays, and one sentence of ten words as an array.',
      results.tokenizing,
      results,
    ),
    operatorSection(results),
    packageSection(results),
    method(results),
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

function heading({ date, machine, versions: both, threads, rounds }: Results): string {
  return `# Benchmarks

Written by \`npm run bench\` on ${date}; do not edit.

${bullets([
  `Machine: ${machine}`,
  `robertorch: ${versions(both.ours)}`,
  ...(versions(both.theirs) === '' ? [] : [`Beside it: ${versions(both.theirs)}`]),
  "Model: roberta-base's shape (12 × 768, 124 M parameters) with two labels, random weights, float32, `sdpa`",
  `Threads on both sides: ${threads}; rounds: ${rounds}`,
])}`
}

const bullets = (sentences: readonly string[]) => sentences.map((sentence) => `- ${sentence}`).join('\n')

function findingsSection(results: Results): string {
  const found = findings(results)
  return found.length === 0 ? '' : `## What stands out\n\n${bullets(found)}`
}

function packageSection({ packageCost: cost }: Results): string {
  if (cost === undefined) return ''
  const rows = [
    ['`tsc --noEmit` on a file that imports the package', milliseconds(cost.types), '3000'],
    ['loading LibTorch and the addon', milliseconds(cost.libtorch), ''],
    ["`import('robertorch')` beyond that", milliseconds(cost.import), '150'],
  ]
  return `## Types and import\n\n${table(['what', 'ms, median (least)', 'limit'], rows)}`
}

function modelSection(title: string, what: string, cases: readonly Measured[], results: Results): string {
  if (cases.length === 0) return ''
  const peak = machinePeak(results)
  const rows = cases.map((one) => {
    const perSecond = (amount: number | undefined) =>
      amount === undefined ? undefined : amount / (one.ours.median / 1000)
    return [
      one.case.name,
      milliseconds(one.ours),
      milliseconds(one.theirs),
      times(ratio(one)),
      spreads(one),
      orDash(perSecond(one.case.tokens), (rate) => rate.toFixed(0)),
      orDash(perSecond(one.case.flops), (rate) => percent(rate / 1e9 / peak)),
      agreement(one),
      others(one),
    ]
  })
  const head = [
    'case',
    'robertorch ms',
    'Transformers ms',
    'ratio',
    'spread',
    'tokens/s',
    'of peak',
    'results',
    'others',
  ]
  const padded = cases.flatMap(({ case: { name, work, tokens } }) =>
    'batch' in work && tokens !== paddedTokens(work.batch)
      ? [`${name}: ${tokens} tokens, ${paddedTokens(work.batch)} with padding.`]
      : [],
  )
  return [`## ${title}`, `${what} ${padded.join(' ')}`.trim(), table(head, rows)].join('\n\n')
}

/** GFLOP/s: the highest rate that any probe of the run gave. */
const machinePeak = ({ probes }: Results) =>
  Math.max(...probes.flatMap(({ linear, packed }) => [linear, packed]))

function loadSection({ load }: Results): string {
  if (load === undefined) return ''
  const row = (name: string, part: keyof LoadTimes) => [
    name,
    milliseconds(load.ours[part]),
    milliseconds(load.theirs[part]),
    times(load.theirs[part].median / load.ours[part].median),
  ]
  const rows = [
    row('process start and imports', 'start'),
    row('from_pretrained', 'load'),
    row('first forward 1x16', 'first'),
    row('all', 'total'),
  ]
  return [
    '## From nothing to the first logits',
    `Fresh processes in turn, weights in the page cache; others took up to ${others(load)}. Our start includes the compilation of the benchmark's own TypeScript.`,
    table(['part', 'robertorch ms', 'Transformers ms', 'ratio'], rows),
  ].join('\n\n')
}

function memorySection({ peaks }: Results): string {
  if (peaks.length === 0) return ''
  const rows = peaks.map(({ after, ours, theirs }) => [
    after,
    orDash(ours, megabytes),
    orDash(theirs, megabytes),
    ours !== undefined && theirs !== undefined ? times(theirs / ours) : '–',
  ])
  return [
    '## Peak of memory',
    'Most resident memory of the process (VmHWM), which counts the mapped weights file; each row has its own processes.',
    table(['after', 'robertorch', 'Transformers', 'ratio'], rows),
  ].join('\n\n')
}

function eventLoopSection({ eventLoop }: Results): string {
  if (eventLoop.length === 0) return ''
  const what = { idle: 'nothing', forwardAsync: '`forwardAsync` 8x128', forward: '`forward` 8x128' }
  const rows = eventLoop.flatMap(({ case: { work }, delays, milliseconds: each, others: share }) =>
    work.work !== 'eventLoop'
      ? []
      : [
          [
            what[work.how],
            digits(delays.p50),
            digits(delays.p99),
            digits(delays.max),
            work.how === 'idle' ? '–' : digits(each.median),
            orDash(share, percent),
          ],
        ],
  )
  return [
    '## Event loop',
    'How late a timer of 1 ms fires while something else runs, in ms.',
    table(['meanwhile', 'median', 'p99', 'most', 'one call', 'others'], rows),
  ].join('\n\n')
}

function operatorSection({ operators }: Results): string {
  if (operators.length === 0) return ''
  const microseconds = ({ median, min }: Summary) => `${digits(median * 1000)} (${digits(min * 1000)})`
  const rows = operators.map((one) => [
    one.case.name,
    microseconds(one.ours),
    microseconds(one.theirs),
    times(ratio(one)),
    spreads(one),
    agreement(one),
    others(one),
  ])
  return [
    '## Small operators',
    'One `a.add(b)` of two 2×2 tensors in a loop, with the release of its result.',
    table(['case', 'robertorch µs', 'Python µs', 'ratio', 'spread', 'results', 'others'], rows),
  ].join('\n\n')
}

function method(results: Results): string {
  const range = (rates: readonly number[]) => {
    const [low, high] = [0, 1].map((part) => quantile(rates, part).toFixed(0))
    return low === high ? low : `${low} to ${high}`
  }
  const peak =
    results.probes.length === 0
      ? ''
      : ` A probe of a 2048 × 768 × 3072 product in float32, before and after each pair of processes, gave ${range(results.probes.map(({ linear }) => linear))} GFLOP/s by \`F.linear\` and ${range(results.probes.map(({ packed }) => packed))} by oneDNN with packed weights; "of peak" is the share of the highest, ${machinePeak(results).toFixed(0)}, that the arithmetic of the real tokens (padding counts nothing) reaches at the median.`
  return `## How it is measured

Both sides are processes of their own with the same weights, inputs and number of threads, and default settings otherwise; they work in turns, ours, Python's, ours, and so on, after one turn each to warm up. Times are median (minimum) of one repetition. The ratio is Python's median by ours: above 1 robertorch is faster. Spread is the interquartile range by the median, ours / Python's. Both must compute the same in every turn (within 1e-5), or no time is reported. "Others" is the share of the CPU that other processes took meanwhile.${peak}`
}
