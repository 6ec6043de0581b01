/** What the package costs before any work: type-checking a file that imports it, and the import itself. */

import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'

import { packageRoot } from '../lib/native/paths.js'
import { type Summary, summarize } from './statistics.js'

/** Milliseconds. */
export interface PackageCost {
  /** `tsc --noEmit` on a file that imports the package, as users have it: compiled, `skipLibCheck`. */
  types: Summary
  /** Finding and loading LibTorch and the addon. */
  libtorch: Summary
  /** `import('robertorch')` after that. */
  import: Summary
}

const compilerOptions = {
  target: 'ES2023',
  module: 'NodeNext',
  strict: true,
  skipLibCheck: true,
  noEmit: true,
}

const importing = `
const libtorch = performance.now()
await import(process.argv[1])
const rest = performance.now()
await import(process.argv[2])
console.log(JSON.stringify([rest - libtorch, performance.now() - rest]))`

function run(args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${args.join(' ')} failed: ${stdout}${stderr}`)
  return stdout
}

async function makeProject(folder: string): Promise<void> {
  await mkdir(join(folder, 'node_modules'))
  await symlink(packageRoot, join(folder, 'node_modules', 'robertorch'), 'junction')
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['user.ts'] }))
  const line =
    "import { torch } from 'robertorch'; export const sum: number = torch.ones(2, 3).add(1).sum().item()"
  await writeFile(join(folder, 'user.ts'), line)
}

/** Fresh processes each round. The first, which fills the system's file cache, does not count. */
export async function measurePackage(rounds: number, say: (what: string) => void): Promise<PackageCost> {
  const compiled = (...path: string[]) => pathToFileURL(join(packageRoot, 'dist', ...path)).href
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  const folder = await mkdtemp(join(tmpdir(), 'robertorch-types-'))
  const types: number[] = []
  const imports: [libtorch: number, rest: number][] = []
  try {
    await makeProject(folder)
    for (let round = 0; round <= rounds; round++) {
      say(`types and import, ${round === 0 ? 'warming up' : `round ${round} of ${rounds}`}`)
      const started = performance.now()
      run([tsc, '-p', folder])
      types.push(performance.now() - started)
      const module = ['--input-type=module', '-e', importing]
      imports.push(JSON.parse(run([...module, compiled('native', 'index.js'), compiled('index.js')])))
    }
  } finally {
    await rm(folder, { recursive: true })
  }
  const counted = imports.slice(1)
  return {
    types: summarize(types.slice(1)),
    libtorch: summarize(counted.map(([libtorch]) => libtorch)),
    import: summarize(counted.map(([, rest]) => rest)),
  }
}
