import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import process from 'node:process'

import { platformKey } from '../platform.js'
import { libtorchVersion } from './release.js'

/**
 * Folder for files that robertorch downloads: `ROBERTORCH_CACHE`, else the system's place for caches
 * (`$XDG_CACHE_HOME/robertorch` or `~/.cache/robertorch`, `~/Library/Caches/robertorch`, `%LOCALAPPDATA%\robertorch`).
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env, system: string = process.platform): string {
  if (env.ROBERTORCH_CACHE) return resolve(env.ROBERTORCH_CACHE)
  if (system === 'darwin') return join(homedir(), 'Library', 'Caches', 'robertorch')
  if (system === 'win32') return join(env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'robertorch')
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'robertorch')
}

/** Where the downloaded LibTorch of this platform lies, whether or not it is there yet. */
export function cachedLibtorch(env: NodeJS.ProcessEnv = process.env): string {
  return join(cacheFolder(env), `libtorch-${libtorchVersion}-cpu-${platformKey}`)
}
