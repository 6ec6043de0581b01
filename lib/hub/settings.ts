/** The environment variables of Python's huggingface_hub, and the options that go before them. */

import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import process from 'node:process'

import { ArgumentError } from '../errors.js'
import { freeBytes } from '../free-bytes.js'
import type { ProgressOutput } from '../progress.js'
import type { HubOptions } from './options.js'
import { findToken } from './token.js'

export interface HubSettings {
  /** What kind of repository is asked for. */
  repositoryType: 'model' | 'dataset'
  /** Without a slash at the end. */
  endpoint: string
  cacheDir: string
  revision: string
  /** '' or a path inside the repository. */
  subfolder: string
  token?: string
  /** No request is sent. */
  offline: boolean
  force: boolean
  /** Time for an answer about a file or a repository, in milliseconds. */
  answerMs: number
  /** Time without a byte after which a download counts as broken, in milliseconds. */
  stallMs: number
  /** Requests that may fail in a row, and the wait after the first of them, which doubles. */
  attempts: number
  backOffMs: number
  /** Where progress goes; undefined: nowhere. */
  output?: ProgressOutput
  /** Bytes free on the disk of a folder. */
  freeBytes: (folder: string) => Promise<number>
}

const isTrue = (value: string | undefined) => /^(1|on|yes|true)$/i.test(value ?? '')

/** Python's `os.path.expanduser` and `expandvars`. */
function expand(path: string, env: NodeJS.ProcessEnv): string {
  const home = path === '~' || /^~[/\\]/.test(path) ? homedir() + path.slice(1) : path
  return home.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced, plain) => env[braced ?? plain] ?? whole)
}

/** The folder for the cache, the token and other files of huggingface_hub. */
function hubHome(env: NodeJS.ProcessEnv): string {
  return expand(env.HF_HOME || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'huggingface'), env)
}

function seconds(name: string, fallback: number, env: NodeJS.ProcessEnv): number {
  const value = env[name]
  if (!value) return fallback * 1000
  if (!/^\d+$/.test(value) || Number(value) === 0) {
    throw new ArgumentError(`${name} must be a whole number of seconds, is '${value}'`)
  }
  return Number(value) * 1000
}

function endpointOf(env: NodeJS.ProcessEnv): string {
  const endpoint = (env.HF_ENDPOINT || 'https://huggingface.co').replace(/\/+$/, '')
  if (/^https?:\/\//.test(endpoint) && URL.canParse(endpoint)) return endpoint
  throw new ArgumentError(`HF_ENDPOINT is no address: ${endpoint}`, { hint: 'give it as https://host' })
}

/** @throws ArgumentError for a variable that is not what it must be, HubAccessError for a missing token. */
export function hubSettings(options: HubOptions, env: NodeJS.ProcessEnv = process.env): HubSettings {
  const home = hubHome(env)
  const offline = options.local_files_only || isTrue(env.HF_HUB_OFFLINE || env.TRANSFORMERS_OFFLINE)
  if (offline && options.force_download) {
    throw new ArgumentError('force_download cannot be where no request may be sent', {
      hint: 'leave it out, or local_files_only and HF_HUB_OFFLINE',
    })
  }
  const cacheDir =
    options.cache_dir ?? expand(env.HF_HUB_CACHE || env.HUGGINGFACE_HUB_CACHE || join(home, 'hub'), env)
  return {
    repositoryType: 'model',
    endpoint: endpointOf(env),
    cacheDir: resolve(cacheDir),
    revision: options.revision ?? 'main',
    subfolder: options.subfolder ?? '',
    token: findToken(options.token, expand(env.HF_TOKEN_PATH || join(home, 'token'), env), env),
    offline,
    force: options.force_download ?? false,
    answerMs: seconds('HF_HUB_ETAG_TIMEOUT', 10, env),
    stallMs: seconds('HF_HUB_DOWNLOAD_TIMEOUT', 10, env),
    attempts: 5,
    backOffMs: 1000,
    output: isTrue(env.HF_HUB_DISABLE_PROGRESS_BARS) ? undefined : process.stderr,
    freeBytes,
  }
}

/** The address of a repository; its files are below. */
export const repositoryPage = ({ endpoint, repositoryType }: HubSettings, id: string): string =>
  `${endpoint}/${repositoryType === 'dataset' ? 'datasets/' : ''}${id}`
