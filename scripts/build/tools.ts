import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'

import { BuildError } from '../../lib/errors.js'

const minimumCmake = [3, 22] as const

/** A program that only a compiler with C++20 and its standard library accepts. */
const program =
  '#include <concepts>\n#include <span>\ntemplate <std::integral T> T f(std::span<T> s) { return s[0]; }\n'

/** The C++ compiler that CMake will choose: `CXX`, else the first of the usual names on PATH. */
export function findCompiler(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const names = env.CXX ? [env.CXX] : ['c++', 'g++', 'clang++']
  return names.find((name) => spawnSync(name, ['--version'], { env, stdio: 'ignore' }).status === 0)
}

/**
 * Checks that a C++20 compiler is there by compiling a few lines. On Windows CMake finds Visual Studio itself.
 *
 * @throws BuildError with the command that installs one.
 */
export function requireCompiler(env: NodeJS.ProcessEnv = process.env): void {
  if (process.platform === 'win32') return
  const hint =
    process.platform === 'darwin'
      ? 'run `xcode-select --install`'
      : 'install one: `apt-get install g++` (Debian, Ubuntu), `dnf install gcc-c++` (Fedora, RHEL), or set CXX'
  const compiler = findCompiler(env)
  if (compiler === undefined) {
    const tried = env.CXX ? `CXX=${env.CXX} does not start` : 'none of c++, g++, clang++ is on PATH'
    throw new BuildError(`no C++ compiler found: ${tried}`, { hint })
  }
  const folder = mkdtempSync(join(tmpdir(), 'robertorch-'))
  try {
    const source = join(folder, 'probe.cpp')
    writeFileSync(source, program)
    const { status, stderr } = spawnSync(compiler, ['-std=c++20', '-fsyntax-only', source], {
      env,
      encoding: 'utf8',
    })
    if (status === 0) return
    const reason = stderr.trim().split('\n')[0] ?? ''
    throw new BuildError(`compiler ${compiler} has no C++20: ${reason}`, {
      hint: `robertorch needs GCC 11, Clang 14 or later; ${hint}`,
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/**
 * Checks that CMake is there and new enough.
 *
 * @throws BuildError naming the version found and the one needed.
 */
export function requireCmake(env: NodeJS.ProcessEnv = process.env): void {
  const needed = minimumCmake.join('.')
  const hint =
    'install it: `apt-get install cmake`, `dnf install cmake`, `brew install cmake`, or `pip install cmake` in a ' +
    'virtual environment that is active'
  const { status, stdout } = spawnSync('cmake', ['--version'], { env, encoding: 'utf8' })
  if (status !== 0)
    throw new BuildError(`CMake was not found on PATH (${needed} or later is needed)`, { hint })
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(stdout) ?? []
  if (Number(major) > minimumCmake[0]) return
  if (Number(major) === minimumCmake[0] && Number(minor) >= minimumCmake[1]) return
  throw new BuildError(`CMake ${major}.${minor} is too old (${needed} or later is needed)`, { hint })
}
