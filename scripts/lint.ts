// npm run lint: Biome over everything in TypeScript and JSON, clang-format over native/. `--fix` formats.

import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import process from 'node:process'

import { packageRoot } from '../lib/native/paths.js'

const require = createRequire(import.meta.url)
const fix = process.argv.includes('--fix')

const sources = readdirSync(join(packageRoot, 'native'), { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(cpp|h)$/.test(path))
  .map((path) => join('native', path))

const checks = [
  {
    name: 'biome',
    program: '@biomejs/biome/bin/biome',
    args: ['check', '--error-on-warnings', ...(fix ? ['--write'] : [])],
  },
  {
    name: `clang-format (${sources.length} files)`,
    program: 'clang-format-node/build/cli.js',
    args: [...(fix ? ['-i'] : ['--dry-run', '-Werror']), ...sources],
  },
]

for (const { name, program, args } of checks) {
  const { status } = spawnSync(process.execPath, [require.resolve(program), ...args], {
    cwd: packageRoot,
    stdio: 'inherit',
  })
  console.log(
    `${name}: ${status === 0 ? 'passed' : 'failed (`npm run format` repairs what can be repaired)'}`,
  )
  if (status !== 0) process.exitCode = 1
}
