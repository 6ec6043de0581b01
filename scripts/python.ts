// The Python that parity checks, goldens and benchmarks run beside us: a virtual environment in .venv with exactly
// the packages of scripts/python/requirements.txt, made on first use.
//
//   npx tsx scripts/python.ts   make it if necessary and print the interpreter's path

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'

import { lock } from 'proper-lockfile'

import { BuildError, DownloadError } from '../lib/errors.js'
import { packageRoot } from '../lib/native/paths.js'

const environment = join(packageRoot, '.venv')
const requirements = join(packageRoot, 'scripts', 'python', 'requirements.txt')
const stampFile = join(environment, 'robertorch-requirements')
const interpreter =
  process.platform === 'win32'
    ? join(environment, 'Scripts', 'python.exe')
    : join(environment, 'bin', 'python')

/** Where the PyTorch project publishes its wheels without CUDA. */
const pytorchWheels = 'https://download.pytorch.org/whl/cpu'
// numpy's pinned version sets the limit.
const minimumPython = [3, 11] as const

/**
 * The path of a Python interpreter that has the pinned packages. The first call makes the virtual environment, which
 * takes a minute or two; later ones find it.
 *
 * @throws BuildError when there is no usable python3, DownloadError when pip cannot get the packages.
 */
export async function ensurePython(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const system = findPython(env)
  const stamp = createHash('sha256').update(system.version).update(readFileSync(requirements)).digest('hex')
  if (upToDate(stamp)) return interpreter
  mkdirSync(join(packageRoot, 'build'), { recursive: true })
  // Benchmarks and parity may be started at the same time: the second waits for the first.
  const release = await lock(environment, {
    lockfilePath: join(packageRoot, 'build', 'python.lock'),
    realpath: false,
    stale: 60_000,
    retries: { forever: true, minTimeout: 1000, maxTimeout: 5000 },
  })
  try {
    if (!upToDate(stamp)) create(system.program, stamp, env)
  } finally {
    await release()
  }
  return interpreter
}

const upToDate = (stamp: string) =>
  existsSync(interpreter) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp

function findPython(env: NodeJS.ProcessEnv): { program: string; version: string } {
  const program = env.PYTHON || 'python3'
  const hint = 'install Python 3.11 or later (`apt-get install python3 python3-venv`), or set PYTHON to one'
  const { status, stdout, stderr } = spawnSync(program, ['--version'], { env, encoding: 'utf8' })
  if (status !== 0) throw new BuildError(`${program} does not start: ${stderr || 'not on PATH'}`, { hint })
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(stdout) ?? []
  const [neededMajor, neededMinor] = minimumPython
  if (Number(major) !== neededMajor || Number(minor) < neededMinor) {
    throw new BuildError(`${program} is ${stdout.trim()}, needed is ${minimumPython.join('.')} or later`, {
      hint,
    })
  }
  return { program, version: stdout.trim() }
}

function create(python: string, stamp: string, env: NodeJS.ProcessEnv): void {
  process.stderr.write('robertorch: making .venv with PyTorch and Transformers for comparison\n')
  const made = spawnSync(python, ['-m', 'venv', '--clear', environment], { env, encoding: 'utf8' })
  if (made.status !== 0) {
    throw new BuildError(`${python} -m venv failed: ${lastLine(made.stdout + made.stderr)}`, {
      hint: 'install the module: `apt-get install python3-venv` (Debian, Ubuntu)',
    })
  }
  // First from what this machine's pip is set up with (a mirror, local files), then from PyTorch's own site too.
  const failure = install([], env) && install(['--extra-index-url', pytorchWheels], env)
  if (failure) {
    throw new DownloadError(`pip could not install scripts/python/requirements.txt: ${failure}`, {
      hint: 'check the network, the proxy (HTTPS_PROXY) and `pip config list`, then run the command again',
    })
  }
  writeFileSync(stampFile, stamp)
}

/** Runs pip; returns why it failed, or '' when all is installed. */
function install(options: readonly string[], env: NodeJS.ProcessEnv): string {
  const args = [
    '-m',
    'pip',
    'install',
    '--only-binary=:all:',
    '--progress-bar=off',
    ...options,
    '-r',
    requirements,
  ]
  const { status, stderr } = spawnSync(interpreter, args, {
    env,
    encoding: 'utf8',
    stdio: ['ignore', process.stderr.fd, 'pipe'],
  })
  return status === 0 ? '' : lastLine(stderr)
}

const lastLine = (text: string) =>
  text.split('\n').findLast((line) => /\S/.test(line) && !/notice|WARNING/.test(line)) ?? 'no message'

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.log(await ensurePython())
