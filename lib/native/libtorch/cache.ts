import { join } from 'node:path'
import process from 'node:process'

import { cacheFolder } from '../../cache-folder.js'
import { platformKey } from '../platform.js'
import { libtorchVersion } from './release.js'

/** Where the downloaded LibTorch of this platform lies, whether or not it is there yet. */
export function cachedLibtorch(env: NodeJS.ProcessEnv = process.env): string {
  return join(cacheFolder(env), `libtorch-${libtorchVersion}-cpu-${platformKey}`)
}
