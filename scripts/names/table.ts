/** Which of PyTorch's public names exist here, and why the others do not. */

import { Tensor, torch } from '../../lib/index.js'
import { type Reason, reasons } from './reasons.js'

/** What scripts/names/names.py writes. */
export interface PythonNames {
  /** PyTorch's version. */
  version: string
  /** Public names by namespace (`torch.nn`). */
  namespaces: Record<string, string[]>
}

interface Namespace {
  path: string
  here: string[]
  missing: Map<string, string[]>
}

export interface Comparison {
  namespaces: Namespace[]
  /** Qualified names that are missing without a reason. */
  unexplained: string[]
  /** Patterns that explain nothing (any more). */
  unused: RegExp[]
}

function namespaceAt(path: string): object {
  if (path === 'torch.Tensor') return Tensor.prototype
  let value: unknown = torch
  for (const part of path.split('.').slice(1)) {
    if (typeof value !== 'object' || value === null) return {}
    value = Reflect.get(value, part)
  }
  return typeof value === 'object' && value !== null ? value : {}
}

/** Looks every name up in the package itself. */
export function compareNames(python: PythonNames, known: readonly Reason[] = reasons): Comparison {
  const unexplained: string[] = []
  const used = new Set<RegExp>()
  const explain = (qualified: string): string | undefined => {
    for (const { reason, patterns } of known) {
      const pattern = patterns.find((candidate) => candidate.test(qualified))
      if (pattern === undefined) continue
      used.add(pattern)
      return reason
    }
    unexplained.push(qualified)
    return undefined
  }
  const namespaces = Object.entries(python.namespaces).map(([path, names]) => {
    const object = namespaceAt(path)
    const here = names.filter((name) => name in object)
    const missing = new Map<string, string[]>()
    for (const name of names) {
      if (name in object) continue
      const reason = explain(`${path}.${name}`)
      if (reason !== undefined) missing.set(reason, [...(missing.get(reason) ?? []), name])
    }
    return { path, here, missing }
  })
  const unused = known.flatMap(({ patterns }) => patterns).filter((pattern) => !used.has(pattern))
  return { namespaces, unexplained, unused }
}

const code = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(' ')

function section({ path, here, missing }: Namespace): string {
  const absent = [...missing].map(([reason, names]) => `- ${reason} (${names.length}): ${code(names)}`)
  return [`## ${path}`, `Here, ${here.length}: ${code(here)}`, absent.join('\n')].filter(Boolean).join('\n\n')
}

const countMissing = ({ missing }: Namespace) => [...missing.values()].flat().length

/** docs/parity.md */
export function parityPage(python: PythonNames, { namespaces }: Comparison): string {
  const rows = namespaces.map((namespace) => {
    const { path, here } = namespace
    const missing = countMissing(namespace)
    return `| ${path} | ${here.length + missing} | ${here.length} | ${missing} |`
  })
  return `# PyTorch's names

Made by \`npm run names\`: every public name of PyTorch ${python.version} in these namespaces, looked up in the package at
run time. A name that is missing has a reason in \`scripts/names/reasons.ts\`. Beside these names,
\`torch.ops.<namespace>.<name>\` reaches every operator that LibTorch registers.

| namespace | in PyTorch | here | missing |
|---|---|---|---|
${rows.join('\n')}

${namespaces.map(section).join('\n\n')}
`
}
