import { createRequire } from 'node:module'
import { dirname } from 'node:path'

import { LoadError } from '../errors.js'
import { packageRoot } from './paths.js'
import { formatSteps, type Step } from './step.js'

/** What `native/loader` exports: it opens libraries and knows nothing of LibTorch but a version number. */
export interface Loader {
  /** Opens a library so that later ones see its symbols. Returns the system's reason when it fails. */
  open(path: string): string | null
  /** LibTorch's release that the addon beside the loader was compiled against, for example `2.13.0`. */
  compiledTorchVersion: string
}

/** `node-gyp-build` has no types of its own. */
interface NodeGypBuild {
  path(folder: string): string
}

/**
 * Finds the loader addon (`build/Release` in a clone, `prebuilds/<os>-<cpu>` in a package) and loads it.
 *
 * @returns the loader and the folder in which it and the addon lie.
 * @throws LoadError when it was never built or does not load.
 */
export function openLoader(steps: Step[]): { loader: Loader; folder: string } {
  const require = createRequire(import.meta.url)
  const what = 'loader addon'
  let path: string
  try {
    path = (require('node-gyp-build') as NodeGypBuild).path(packageRoot)
  } catch (error) {
    const detail = (error as Error).message.trim().replaceAll(/\s*\n\s*/g, ', ')
    steps.push({ what, outcome: 'failed', detail })
    throw new LoadError(`robertorch's native addon is not built for this system\n${formatSteps(steps)}`, {
      cause: error,
      hint: 'in a clone run `npm run build`; an installed package has no prebuilt addon for this system',
    })
  }
  try {
    const loader = require(path) as Loader
    steps.push({ what, outcome: 'ok', detail: path })
    return { loader, folder: dirname(path) }
  } catch (error) {
    steps.push({ what, outcome: 'failed', detail: (error as Error).message })
    throw new LoadError(`robertorch's loader addon does not load\n${formatSteps(steps)}`, {
      cause: error,
      hint: 'rebuild it with `npm run build`: it was made for another system or Node.js',
    })
  }
}
