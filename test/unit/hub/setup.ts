import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'

import { onTestFinished } from 'vitest'

import { type HubOptions, resolveModelFolder, type WantedFiles } from '../../../lib/hub/index.js'
import type { HubSettings } from '../../../lib/hub/settings.js'
import { HubServer, type Repository } from './hub-server.js'

export const id = 'someone/tiny'

/** Long enough to be cut in two. */
export const weights = Buffer.alloc(3_000_000, 'weights ')

export const tiny: Repository = {
  files: {
    'README.md': Buffer.from('not needed'),
    'config.json': Buffer.from('{"model_type": "roberta"}'),
    'model.safetensors': weights,
    'pytorch_model.bin': Buffer.from('not needed either'),
    'tokenizer.json': Buffer.from('{}'),
  },
  large: ['model.safetensors', 'pytorch_model.bin'],
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'robertorch-hub-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export const files =
  (...names: string[]): WantedFiles =>
  async () =>
    names

/** A hub with one model, an empty cache, and `resolve` bound to both, without a terminal and with little patience. */
export async function setup(repository: Repository = tiny) {
  const server = await HubServer.start()
  onTestFinished(() => server.close())
  server.repositories.set(id, repository)
  const cache = temporaryFolder()
  const own: Partial<HubSettings> = {
    endpoint: server.url,
    cacheDir: cache,
    backOffMs: 2,
    token: undefined,
    output: undefined,
  }
  const resolve = (wanted: WantedFiles, options: HubOptions = {}, more: Partial<HubSettings> = {}) =>
    resolveModelFolder(id, options, wanted, { ...own, ...more })
  const requests = () => server.log.map(({ method, path }) => `${method} ${path}`)
  return { server, cache, own, resolve, requests, root: join(cache, 'models--someone--tiny') }
}

/** What is in a folder: texts of files, `-> target` of links; locks are left out. */
export function listing(folder: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const name = relative(folder, path)
    if (entry.isDirectory() || name.startsWith('.locks')) continue
    found[name] = lstatSync(path).isSymbolicLink()
      ? `-> ${readlinkSync(path)}`
      : readFileSync(path, 'latin1').slice(0, 100)
  }
  return found
}
