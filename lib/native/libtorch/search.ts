import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import process from 'node:process'

import { LibtorchNotFoundError, LibtorchVersionError } from '../../errors.js'
import { packageRoot } from '../paths.js'
import { platformKey } from '../platform.js'
import { formatSteps, type Step } from '../step.js'
import { cachedLibtorch } from './cache.js'
import { inspectLibtorch, type Libtorch, sameRelease } from './inspect.js'

/** What a search is for. */
export interface SearchOptions {
  /** Release that the folder must have, for example `2.13.0`. */
  version: string
  /** Receives every step, also those before an error. */
  steps: Step[]
  env?: NodeJS.ProcessEnv
}

/**
 * Looks for LibTorch without downloading: `ROBERTORCH_LIBTORCH` or `LIBTORCH`, an installed Python torch when
 * `LIBTORCH_USE_PYTORCH=1`, the user cache, the platform package.
 *
 * A place that was asked for by name and is wrong ends the search: going on to another one would hide the mistake.
 *
 * @returns the first LibTorch found, undefined when only a download is left.
 * @throws LibtorchNotFoundError when a folder named by the user holds no LibTorch.
 * @throws LibtorchVersionError when it holds another release (unless `ROBERTORCH_SKIP_VERSION_CHECK=1`).
 */
export function searchLibtorch({ version, steps, env = process.env }: SearchOptions): Libtorch | undefined {
  for (const name of ['ROBERTORCH_LIBTORCH', 'LIBTORCH']) {
    const folder = env[name]
    if (folder) return demand(name, resolve(folder), version, steps, env)
    steps.push({ what: name, outcome: 'skipped', detail: 'not set' })
  }

  if (env.LIBTORCH_USE_PYTORCH === '1') {
    const folder = pythonTorchFolder(env)
    if (folder !== undefined) return demand('LIBTORCH_USE_PYTORCH', folder, version, steps, env)
    const detail = 'neither python3 nor python on PATH has torch installed'
    steps.push({ what: 'LIBTORCH_USE_PYTORCH', outcome: 'failed', detail })
    throw new LibtorchNotFoundError(`LIBTORCH_USE_PYTORCH=1 is set, but ${detail}`, {
      hint: 'activate the virtual environment that has torch, or unset LIBTORCH_USE_PYTORCH',
    })
  }
  steps.push({ what: 'LIBTORCH_USE_PYTORCH', outcome: 'skipped', detail: 'not set to 1' })

  return (
    offer('user cache', cachedLibtorch(env), version, steps, env) ??
    offer('platform package', platformPackage(), version, steps, env)
  )
}

function demand(
  what: string,
  folder: string,
  version: string,
  steps: Step[],
  env: NodeJS.ProcessEnv,
): Libtorch {
  const found = inspectLibtorch(folder)
  if (typeof found === 'string') {
    steps.push({ what, outcome: 'failed', detail: found })
    throw new LibtorchNotFoundError(
      `${what} points to a folder without LibTorch: ${found}\n${formatSteps(steps)}`,
      {
        hint: `set ${what} to the folder that has lib/ in it (the "torch" folder of a wheel), or unset it`,
      },
    )
  }
  if (!fits(found, version, env)) {
    steps.push({
      what,
      outcome: 'failed',
      detail: `${folder} holds LibTorch ${found.version}, not ${version}`,
    })
    throw versionError(found, version, steps, `unset ${what}, or set it to a LibTorch ${version}`)
  }
  steps.push({ what, outcome: 'ok', detail: describe(found) })
  return found
}

function offer(
  what: string,
  folder: string | undefined,
  version: string,
  steps: Step[],
  env: NodeJS.ProcessEnv,
): Libtorch | undefined {
  const found = folder === undefined ? 'not installed' : inspectLibtorch(folder)
  if (typeof found === 'string') {
    steps.push({ what, outcome: 'skipped', detail: found })
    return undefined
  }
  if (!fits(found, version, env)) {
    const detail = `${found.folder} holds LibTorch ${found.version}, not ${version}`
    steps.push({ what, outcome: 'skipped', detail })
    return undefined
  }
  steps.push({ what, outcome: 'ok', detail: describe(found) })
  return found
}

const fits = (found: Libtorch, version: string, env: NodeJS.ProcessEnv) =>
  env.ROBERTORCH_SKIP_VERSION_CHECK === '1' ||
  found.version === undefined ||
  sameRelease(found.version, version)

const describe = (found: Libtorch) => `${found.folder} (LibTorch ${found.version ?? 'of unknown version'})`

/** The error for a LibTorch of another release: names both versions and every step of the search. */
export function versionError(found: Libtorch, wanted: string, steps: readonly Step[], remedy: string) {
  return new LibtorchVersionError(
    `robertorch needs LibTorch ${wanted}, but ${found.folder} holds ${found.version}\n${formatSteps(steps)}`,
    { hint: `${remedy}; ROBERTORCH_SKIP_VERSION_CHECK=1 tries it all the same` },
  )
}

/** Folder of the torch package that Python would import; it is located, not imported (importing takes seconds). */
function pythonTorchFolder(env: NodeJS.ProcessEnv): string | undefined {
  const program =
    'import importlib.util as u; s = u.find_spec("torch"); print(s.submodule_search_locations[0] if s else "")'
  for (const python of ['python3', 'python']) {
    const { status, stdout } = spawnSync(python, ['-c', program], { encoding: 'utf8', env })
    if (status === 0 && stdout.trim() !== '') return stdout.trim()
  }
  return undefined
}

function platformPackage(): string | undefined {
  const require = createRequire(`${packageRoot}/package.json`)
  try {
    return dirname(require.resolve(`@robertorch/libtorch-${platformKey}-cpu/package.json`))
  } catch {
    return undefined
  }
}
