import { spawn, spawnSync } from 'node:child_process'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'

import type { Progress } from '../../progress.js'
import { sizeOf } from '../../transfer.js'
import type { Wheel } from './release.js'

/** The command that starts pip here, undefined where there is none. */
export function findPip(env: NodeJS.ProcessEnv = process.env): string[] | undefined {
  const commands = [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']]
  return commands.find(([program = '', ...rest]) => {
    return spawnSync(program, [...rest, '--version'], { env, stdio: 'ignore' }).status === 0
  })
}

/**
 * Lets pip bring the wheel into a folder: pip knows this machine's mirrors, proxies, certificates and local files.
 *
 * @param folder where the wheel goes; pip's temporary files lie in it meanwhile
 * @returns the last lines that pip wrote when it failed, undefined when the wheel is there.
 */
export async function pipDownload(
  pip: readonly string[],
  wheel: Wheel,
  folder: string,
  progress: Progress,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  const temporary = join(folder, 'pip')
  await mkdir(temporary, { recursive: true })
  const { requirement, pythonVersion, abi, platform } = wheel.pip
  const [program = '', ...rest] = pip
  const target = [
    '--implementation',
    'cp',
    '--python-version',
    pythonVersion,
    '--abi',
    abi,
    '--platform',
    platform,
  ]
  const fetch = ['download', '--no-deps', '--only-binary=:all:', '--no-cache-dir', '--progress-bar', 'off']
  const child = spawn(program, [...rest, ...fetch, ...target, '--dest', folder, requirement], {
    // pip shows nothing without a terminal: its temporary folder is put where the bytes can be counted.
    env: { ...env, TMPDIR: temporary, TEMP: temporary, TMP: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data))

  const timer = setInterval(async () => progress.update(await largestFile(folder)), 500)
  const failure = await new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code) => resolve(code === 0 ? undefined : lastLines(output)))
  })
  clearInterval(timer)
  if (failure !== undefined) return failure
  if ((await sizeOf(join(folder, wheel.fileName))) === 0) {
    return `pip brought another file than ${wheel.fileName}: ${(await readdir(folder)).join(', ')}`
  }
  progress.update(wheel.size)
  return undefined
}

/** Bytes of the largest file anywhere under a folder: the wheel, whether pip has moved it into place or not. */
async function largestFile(folder: string): Promise<number> {
  // pip creates and removes folders at any time.
  const entries = await readdir(folder, { recursive: true }).catch(() => [])
  const sizes = await Promise.all(entries.map((entry) => sizeOf(join(folder, entry))))
  return Math.max(0, ...sizes)
}

function lastLines(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('WARNING'))
  return lines.slice(-3).join(' | ') || 'pip failed without a word'
}
