import os from 'node:os'
import { join } from 'node:path'
import process from 'node:process'

import { LibtorchVersionError, LoadError } from '../errors.js'
import type { Native } from './addon.js'
import { openCuda } from './cuda.js'
import { fetchLibtorch } from './libtorch/fetch.js'
import { type Libtorch, sameRelease } from './libtorch/inspect.js'
import { searchLibtorch } from './libtorch/search.js'
import { type Loader, openLoader } from './loader.js'
import { formatSteps, type Step } from './step.js'

/** What happened on the way to the addon; filled while loading, so that it tells the story of a failure too. */
export interface LoadReport {
  steps: Step[]
  libtorch?: Libtorch
  /** LibTorch's release that the addon was compiled against. */
  compiledTorchVersion?: string
  /** Why CUDA is off; undefined when it is on, or when loading did not get that far. */
  cudaOff?: string
}

const systemSuffix: Partial<Record<NodeJS.Platform, string>> = { darwin: '.dylib', win32: '.dll' }

/**
 * Loads LibTorch's libraries in order and then the addon. Every env of the process (the main thread, each worker)
 * calls this for itself; the libraries are shared by all.
 *
 * @throws LoadError, LibtorchNotFoundError, LibtorchVersionError, with every step in the message.
 */
export function loadAddon(report: LoadReport): Native {
  const { steps } = report
  const { loader, folder } = openLoader(steps)
  const version = loader.compiledTorchVersion
  report.compiledTorchVersion = version

  const libtorch = searchLibtorch({ version, steps }) ?? fetchLibtorch(version, steps)
  report.libtorch = libtorch
  openLibraries(loader, libtorch, steps)
  report.cudaOff = openCuda(loader, libtorch, steps)

  const native = openAddon(join(folder, `robertorch_core${systemSuffix[process.platform] ?? '.so'}`), steps)
  requireSameRelease(native, libtorch, steps)
  return native
}

function openLibraries(loader: Loader, libtorch: Libtorch, steps: Step[]): void {
  for (const path of libtorch.libraries) {
    const reason = loader.open(path)
    if (reason !== null) {
      steps.push({ what: 'library', outcome: 'failed', detail: reason })
      throw new LoadError(`a library of LibTorch does not load: ${reason}\n${formatSteps(steps)}`, {
        hint: `remove ${libtorch.folder} and run \`npx robertorch libtorch install\`, or set ROBERTORCH_LIBTORCH`,
      })
    }
    steps.push({ what: 'library', outcome: 'ok', detail: path })
  }
}

function openAddon(path: string, steps: Step[]): Native {
  const module = { exports: {} as Native }
  try {
    process.dlopen(module, path, os.constants.dlopen?.RTLD_NOW)
  } catch (error) {
    const reason = (error as Error).message
    steps.push({ what: 'addon', outcome: 'failed', detail: reason })
    throw new LoadError(`robertorch's addon does not load: ${reason}\n${formatSteps(steps)}`, {
      cause: error,
      hint: reason.includes('undefined symbol')
        ? 'it was compiled against another LibTorch: in a clone run `npm run build`'
        : 'in a clone run `npm run build`; an installed package must be installed again',
    })
  }
  steps.push({ what: 'addon', outcome: 'ok', detail: path })
  return module.exports
}

/** The folder's version file was compared before, where there was one; this asks the library itself. */
function requireSameRelease(native: Native, libtorch: Libtorch, steps: Step[]): void {
  const { compiledTorchVersion, config } = native.runtimeInfo()
  const loaded = /TORCH_VERSION=([^,\s]+)/.exec(config)?.[1]
  if (loaded === undefined || sameRelease(loaded, compiledTorchVersion)) return
  if (process.env.ROBERTORCH_SKIP_VERSION_CHECK === '1') return
  steps.push({
    what: 'version',
    outcome: 'failed',
    detail: `compiled for ${compiledTorchVersion}, loaded ${loaded}`,
  })
  throw new LibtorchVersionError(
    `robertorch's addon was compiled against LibTorch ${compiledTorchVersion}, but ${libtorch.folder} holds ${loaded}\n` +
      formatSteps(steps),
    { hint: 'rebuild with `npm run build`, or point ROBERTORCH_LIBTORCH to the other LibTorch' },
  )
}
