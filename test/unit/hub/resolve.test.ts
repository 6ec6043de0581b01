import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

import { afterEach, describe, expect, it, vi } from 'vitest'

import { ArgumentError, HubOfflineError } from '../../../lib/errors.js'
import { resolveModelFolder, together } from '../../../lib/hub/index.js'
import { isRepositoryId } from '../../../lib/hub/repository-id.js'
import { wantedConfig, wantedTokenizer, wantedWeights } from '../../../lib/transformers/wanted-files.js'
import { commitOf } from './hub-server.js'
import { files, id, listing, setup, temporaryFolder, tiny, weights } from './setup.js'

afterEach(() => vi.unstubAllEnvs())

const commit = commitOf(tiny)
const sha256 = createHash('sha256').update(weights).digest('hex')
// `git hash-object` of the two small files.
const configId = '42910e41d97f843dc550400fcda43a93cda647db'
const tokenizerId = '9e26dfeeb6e641a33dae4961196235bdb965b21b'
const model = together(wantedConfig, wantedWeights())
const tokenizer = wantedTokenizer({ vocabularyFiles: ['vocab.json', 'merges.txt'] })

describe('a model on the hub', () => {
  it('comes into the cache as Python lays it out, and nothing else of the repository', async () => {
    const { cache, resolve, root } = await setup()
    const folder = await resolve(together(model, tokenizer))
    expect(folder).toBe(join(root, 'snapshots', commit))
    const inRoot = (name: string) => join('models--someone--tiny', name)
    expect(listing(cache)).toEqual({
      [inRoot(`blobs/${configId}`)]: '{"model_type": "roberta"}',
      [inRoot(`blobs/${tokenizerId}`)]: '{}',
      [inRoot(`blobs/${sha256}`)]: expect.stringMatching(/^weights weights/),
      [inRoot('refs/main')]: commit,
      [inRoot(`snapshots/${commit}/config.json`)]: `-> ../../blobs/${configId}`,
      [inRoot(`snapshots/${commit}/tokenizer.json`)]: `-> ../../blobs/${tokenizerId}`,
      [inRoot(`snapshots/${commit}/model.safetensors`)]: `-> ../../blobs/${sha256}`,
      [inRoot(`.no_exist/${commit}/tokenizer_config.json`)]: '',
      [inRoot(`.no_exist/${commit}/special_tokens_map.json`)]: '',
      [inRoot(`.no_exist/${commit}/added_tokens.json`)]: '',
    })
    expect(readFileSync(join(folder, 'model.safetensors')).equals(weights)).toBe(true)
  })

  it('costs one request when it is cached, none when the revision is a commit', async () => {
    const { server, resolve, requests } = await setup()
    const folder = await resolve(together(model, tokenizer))
    server.log.length = 0
    expect(await resolve(together(model, tokenizer))).toBe(folder)
    expect(requests()).toEqual(['GET /api/models/someone/tiny/revision/main'])
    server.log.length = 0
    expect(await resolve(together(model, tokenizer), { revision: commit })).toBe(folder)
    expect(requests()).toEqual([])
  })

  it('downloads of a new commit what has changed', async () => {
    const { server, resolve, requests, root } = await setup()
    const before = await resolve(model)
    const changed = { ...tiny, files: { ...tiny.files, 'config.json': Buffer.from('{"vocab_size": 7}') } }
    server.repositories.set(id, changed)
    server.log.length = 0
    const after = await resolve(model)
    expect(after).not.toBe(before)
    expect(readFileSync(join(after, 'config.json'), 'utf8')).toBe('{"vocab_size": 7}')
    expect(readFileSync(join(before, 'config.json'), 'utf8')).toBe('{"model_type": "roberta"}')
    expect(requests().filter((line) => line.startsWith('GET'))).toEqual([
      'GET /api/models/someone/tiny/revision/main',
      `GET /someone/tiny/resolve/${commitOf(changed)}/config.json`,
    ])
    expect(readFileSync(join(root, 'refs/main'), 'utf8')).toBe(commitOf(changed))
  })

  it('is downloaded again when force_download says so', async () => {
    const { resolve, root } = await setup()
    const folder = await resolve(model)
    writeFileSync(join(root, 'blobs', sha256), 'damaged')
    expect(await resolve(model)).toBe(folder)
    expect(readFileSync(join(folder, 'model.safetensors'), 'utf8')).toBe('damaged')
    await resolve(model, { force_download: true })
    expect(readFileSync(join(folder, 'model.safetensors')).equals(weights)).toBe(true)
  })

  it('may have a new name', async () => {
    const { server, resolve, own } = await setup()
    server.repositories.set('someone/older', { ...tiny, renamedTo: id })
    const folder = await resolveModelFolder('someone/older', {}, model, own)
    expect(folder).toContain('models--someone--older')
    expect(readFileSync(join(folder, 'model.safetensors')).equals(weights)).toBe(true)
    expect(await resolve(model)).not.toBe(folder)
  })

  it('has branches with slashes, and files in a subfolder', async () => {
    const nested = { files: { 'onnx/config.json': Buffer.from('{}') }, refs: ['refs/pr/1'] }
    const { resolve, root } = await setup(nested)
    const folder = await resolve(wantedConfig, { revision: 'refs/pr/1', subfolder: 'onnx' })
    expect(folder).toBe(join(root, 'snapshots', commitOf(nested), 'onnx'))
    expect(listing(root)[`snapshots/${commitOf(nested)}/onnx/config.json`]).toMatch(
      /^-> \.\.\/\.\.\/\.\.\/blobs\/[0-9a-f]{40}$/,
    )
    expect(readFileSync(join(root, 'refs/refs/pr/1'), 'utf8')).toBe(commitOf(nested))
    expect(
      await resolve(wantedConfig, { revision: 'refs/pr/1', subfolder: 'onnx', local_files_only: true }),
    ).toBe(folder)
  })
})

describe('wanted weights', () => {
  const index = {
    weight_map: { a: 'model-1.safetensors', b: 'model-2.safetensors', c: 'model-1.safetensors' },
  }
  const sharded = {
    files: {
      'model.safetensors.index.json': Buffer.from(JSON.stringify(index)),
      'model-1.safetensors': Buffer.from('one'),
      'model-2.safetensors': Buffer.from('two'),
      'model-3.safetensors': Buffer.from('of no use'),
      'pytorch_model.bin': Buffer.from('of no use'),
    },
  }

  it('are the shards that the index names', async () => {
    const { resolve, root } = await setup(sharded)
    const folder = await resolve(wantedWeights())
    const names = Object.keys(listing(root)).filter((name) => name.startsWith('snapshots'))
    expect(names.map((name) => name.slice(`snapshots/${commitOf(sharded)}/`.length)).sort()).toEqual([
      'model-1.safetensors',
      'model-2.safetensors',
      'model.safetensors.index.json',
    ])
    expect(await resolve(wantedWeights(), { local_files_only: true })).toBe(folder)
    rmSync(join(folder, 'model-2.safetensors'))
    await expect(resolve(wantedWeights(), { local_files_only: true })).rejects.toThrow(
      /no model-2\.safetensors/,
    )
  })

  it('are of the form that is asked for', async () => {
    const { resolve } = await setup(sharded)
    const folder = await resolve(wantedWeights({ use_safetensors: false }))
    expect(existsSync(join(folder, 'pytorch_model.bin'))).toBe(true)
    expect(existsSync(join(folder, 'model-1.safetensors'))).toBe(false)
  })
})

describe('without requests', () => {
  it.each([
    ['local_files_only', { local_files_only: true }, {}],
    ['HF_HUB_OFFLINE', {}, { HF_HUB_OFFLINE: '1' }],
    ['TRANSFORMERS_OFFLINE', {}, { TRANSFORMERS_OFFLINE: 'yes' }],
  ])('what is cached is used: %s', async (_, options, variables) => {
    const { server, resolve } = await setup()
    const folder = await resolve(model)
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
    server.log.length = 0
    expect(await resolve(model, options)).toBe(folder)
    const failure = resolve(tokenizer, options)
    await expect(failure).rejects.toThrow(HubOfflineError)
    await expect(failure).rejects.toThrow(
      /no vocab\.json, merges\.txt[\s\S]*robertorch download someone\/tiny/,
    )
    await expect(resolve(model, { ...options, revision: 'other' })).rejects.toThrow(
      /at other is not in the cache/,
    )
    expect(server.log).toEqual([])
  })

  it('a link whose content was removed does not count', async () => {
    const { resolve, root } = await setup()
    await resolve(model)
    rmSync(join(root, 'blobs', sha256))
    await expect(resolve(model, { local_files_only: true })).rejects.toThrow(/no model\.safetensors/)
    await resolve(model)
    await resolve(model, { local_files_only: true })
  })
})

describe('a folder', () => {
  it('goes before a model of the same name, and no request is sent', async () => {
    const { server, own } = await setup()
    const here = temporaryFolder()
    mkdirSync(join(here, id), { recursive: true })
    const cwd = process.cwd()
    try {
      process.chdir(here)
      expect(await resolveModelFolder(id, {}, model, own)).toBe(id)
      expect(await resolveModelFolder(id, { subfolder: 'a/b' }, model, own)).toBe(join(id, 'a/b'))
    } finally {
      process.chdir(cwd)
    }
    expect(server.log).toEqual([])
  })

  it.each([
    './tiny',
    '../tiny',
    '/no/such',
    'a/b/c',
    '~/model',
    'models/',
    'a--b',
    'a..b',
    'x.git',
    'a\\b',
    '',
  ])('%j is no hub id', async (name) => {
    const { server, own } = await setup()
    expect(isRepositoryId(name)).toBe(false)
    expect(await resolveModelFolder(name, {}, model, own)).toBe(name)
    expect(server.log).toEqual([])
  })

  it.each(['roberta-base', 'FacebookAI/roberta-base', 'a/b.c', '123', 'Foo-BAR_foo.bar123', '_a/b_'])(
    '%j may be a hub id',
    (name) => expect(isRepositoryId(name)).toBe(true),
  )

  it('of a cache that Python filled is found', async () => {
    const { server, resolve, root } = await setup()
    for (const name of ['blobs', 'refs', `snapshots/${commit}`])
      mkdirSync(join(root, name), { recursive: true })
    writeFileSync(join(root, 'blobs/abc'), '{}')
    writeFileSync(join(root, 'refs/main'), commit)
    symlinkSync('../../blobs/abc', join(root, 'snapshots', commit, 'config.json'))
    expect(await resolve(wantedConfig, { local_files_only: true })).toBe(join(root, 'snapshots', commit))
    expect(server.log).toEqual([])
  })
})

describe('options', () => {
  it.each([
    [{ revision: '../../etc' }, /revision must be/],
    [{ revision: '' }, /revision must be/],
    [{ subfolder: '../..' }, /subfolder must be/],
    [{ subfolder: '/etc' }, /subfolder must be/],
    [{ subfolder: 'C:\\x' }, /subfolder must be/],
    [{ cache_dir: '' }, /cache_dir must be a path/],
    [{ force_download: true, local_files_only: true }, /force_download cannot be where no request/],
  ])('%j is refused', async (options, message) => {
    const { server, resolve } = await setup()
    const failure = resolve(files('config.json'), options)
    await expect(failure).rejects.toThrow(ArgumentError)
    await expect(failure).rejects.toThrow(message)
    expect(server.log).toEqual([])
  })
})
