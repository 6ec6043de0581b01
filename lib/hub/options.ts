/** What Python's `from_pretrained` takes to find a model on the hub. */

import { ArgumentError } from '../errors.js'

/** Where and how a model's files are looked for; of no effect for a folder, but for `subfolder`. */
export interface HubOptions {
  /** Branch, tag or commit. Default `main`. */
  revision?: string
  /** An access token; true: the stored one must be there; false: send none. Default: the stored one, if any. */
  token?: string | boolean
  /** Folder inside the repository that holds the files. */
  subfolder?: string
  /** Use what is in the cache and send no request, as `HF_HUB_OFFLINE=1` does. */
  local_files_only?: boolean
  /** Folder of the cache. Default `HF_HUB_CACHE`, else `hub` in `HF_HOME`, which is `~/.cache/huggingface`. */
  cache_dir?: string
  /** Download again what is in the cache. */
  force_download?: boolean
}

type Check = (value: unknown) => boolean
const isText: Check = (value) => typeof value === 'string' && value !== ''
const isBoolean: Check = (value) => typeof value === 'boolean'

/** A path below a folder, with no way out of it, on any system. */
export const isInnerPath = (path: string): boolean =>
  /^[^/\\:]+(\/[^/\\:]+)*$/.test(path) &&
  !path.includes('\0') &&
  !path.split('/').some((part) => part === '..' || part === '.')

const rules: Record<keyof HubOptions, [check: Check, wanted: string]> = {
  revision: [(value) => isText(value) && isInnerPath(value as string), 'a branch, tag or commit'],
  token: [(value) => isText(value) || isBoolean(value), 'true, false or an access token'],
  subfolder: [
    (value) => value === '' || (isText(value) && isInnerPath(value as string)),
    'a path inside the repository, without ..',
  ],
  local_files_only: [isBoolean, 'true or false'],
  cache_dir: [isText, 'a path'],
  force_download: [isBoolean, 'true or false'],
}

/** The hub's options apart from the others. */
export function splitHubOptions<Others extends object>(
  options: Others & HubOptions,
): [hub: HubOptions, others: Others] {
  const others: Others & HubOptions = { ...options }
  for (const name of Object.keys(rules)) delete others[name as keyof HubOptions]
  const { revision, token, subfolder, local_files_only, cache_dir, force_download } = options
  return [{ revision, token, subfolder, local_files_only, cache_dir, force_download }, others]
}

/** @throws ArgumentError naming the option and what is allowed. */
export function checkHubOptions(options: HubOptions): void {
  for (const [name, [check, wanted]] of Object.entries(rules)) {
    const value = options[name as keyof HubOptions]
    if (value === undefined || check(value)) continue
    const shown = name === 'token' ? typeof value : JSON.stringify(value)
    throw new ArgumentError(`${name} must be ${wanted}, is ${shown}`)
  }
}
