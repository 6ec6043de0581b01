// npm run test:native [number of fuzzed files] [seed]: the tests of native/tests, which need no LibTorch, built with
// AddressSanitizer and UndefinedBehaviorSanitizer, then the fuzzer of the safetensors parser.

import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import process from 'node:process'

import { packageRoot } from '../lib/native/paths.js'

const compiler = process.env.CXX ?? 'g++'
const sanitizers = '-fsanitize=address,undefined'
const flags = '-std=c++20 -O1 -g -Wall -Wextra -Werror -fno-omit-frame-pointer -fno-sanitize-recover=all'

// What core holds without LibTorch.
const core = [
  ...['atomic_file', 'json_reader', 'mapped_file', 'safetensors_header'].map(
    (name) => `native/core/io/${name}.cpp`,
  ),
  'native/core/runtime/error_kind.cpp',
]
const fuzzer = 'native/tests/fuzz_safetensors_header.cpp'
const tests = readdirSync(join(packageRoot, 'native/tests'))
  .filter((name) => /(_test|main)\.cpp$/.test(name))
  .map((name) => `native/tests/${name}`)

function run(program: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: packageRoot, stdio: 'inherit' })
    child.on('error', reject)
    child.on('exit', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`${program} ended with ${signal ?? code}`)),
    )
  })
}

const folder = mkdtempSync(join(tmpdir(), 'robertorch-native-'))
const object = (source: string) => join(folder, `${basename(source)}.o`)

async function compileAll(sources: string[]): Promise<void> {
  const next = async (): Promise<void> => {
    const source = sources.pop()
    if (source === undefined) return
    await run(compiler, [...flags.split(' '), sanitizers, '-Inative', '-c', source, '-o', object(source)])
    await next()
  }
  await Promise.all(Array.from({ length: availableParallelism() }, next))
}

async function linkAndRun(name: string, sources: readonly string[], args: readonly string[]): Promise<void> {
  const program = join(folder, name)
  await run(compiler, [sanitizers, '-o', program, ...[...sources, ...core].map(object)])
  await run(program, args)
}

try {
  await compileAll([...core, ...tests, fuzzer])
  await linkAndRun('tests', tests, [])
  await linkAndRun('fuzz', [fuzzer], process.argv.slice(2))
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true })
}
