import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import process from 'node:process'

/**
 * Folder for files that robertorch makes or downloads for itself: `ROBERTORCH_CACHE`, else the system's place for caches
 * (`$XDG_CACHE_HOME/robertorch` or `~/.cache/robertorch`, `~/Library/Caches/robertorch`, `%LOCALAPPDATA%\robertorch`).
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env, system: string = process.platform): string {
  if (env.ROBERTORCH_CACHE) return resolve(env.ROBERTORCH_CACHE)
  if (system === 'darwin') return join(homedir(), 'Library', 'Caches', 'robertorch')
  if (system === 'win32') return join(env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'robertorch')
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'robertorch')
}
