import { mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { ArgumentError, HubAccessError } from '../../../lib/errors.js'
import { hubSettings } from '../../../lib/hub/settings.js'
import { temporaryFolder } from './setup.js'

describe('the cache', () => {
  it.each([
    [{}, join(homedir(), '.cache/huggingface/hub')],
    [{ XDG_CACHE_HOME: '/x' }, '/x/huggingface/hub'],
    [{ XDG_CACHE_HOME: '/x', HF_HOME: '/home' }, '/home/hub'],
    [{ HF_HOME: '~/hf' }, join(homedir(), 'hf/hub')],
    [{ HF_HOME: '$DISK/hf', DISK: '/disk' }, '/disk/hf/hub'],
    [{ HF_HOME: '/home', HUGGINGFACE_HUB_CACHE: '/old' }, '/old'],
    [{ HF_HOME: '/home', HUGGINGFACE_HUB_CACHE: '/old', HF_HUB_CACHE: '/new' }, '/new'],
  ])('of %j is %s', (env, cacheDir) => expect(hubSettings({}, env)).toMatchObject({ cacheDir }))

  it('is the one that the caller names, first of all', () =>
    expect(hubSettings({ cache_dir: '/mine' }, { HF_HUB_CACHE: '/new' })).toMatchObject({
      cacheDir: '/mine',
    }))
})

describe('the environment', () => {
  it('names the server, and the time it has', () => {
    const env = { HF_ENDPOINT: 'http://mirror/hub//', HF_HUB_ETAG_TIMEOUT: '3', HF_HUB_DOWNLOAD_TIMEOUT: '7' }
    expect(hubSettings({}, env)).toMatchObject({
      endpoint: 'http://mirror/hub',
      answerMs: 3000,
      stallMs: 7000,
    })
    expect(hubSettings({}, {})).toMatchObject({ endpoint: 'https://huggingface.co', offline: false })
  })

  it.each([
    [{ HF_ENDPOINT: 'mirror' }, /HF_ENDPOINT is no address: mirror/],
    [{ HF_HUB_ETAG_TIMEOUT: 'soon' }, /HF_HUB_ETAG_TIMEOUT must be a whole number of seconds, is 'soon'/],
  ])('%j is refused', (env, message) => {
    expect(() => hubSettings({}, env)).toThrow(ArgumentError)
    expect(() => hubSettings({}, env)).toThrow(message)
  })

  it.each(['1', 'true', 'ON', 'yes'])('HF_HUB_OFFLINE=%s forbids requests', (HF_HUB_OFFLINE) =>
    expect(hubSettings({}, { HF_HUB_OFFLINE }).offline).toBe(true),
  )
})

describe('the token', () => {
  const stored = () => {
    const HF_HOME = temporaryFolder()
    mkdirSync(HF_HOME, { recursive: true })
    writeFileSync(join(HF_HOME, 'token'), 'hf_file\n')
    return { HF_HOME }
  }

  it('is found in the order of huggingface_hub', () => {
    const env = stored()
    const tokenOf = (token: string | boolean | undefined, more: NodeJS.ProcessEnv = {}) =>
      hubSettings({ token }, { ...env, ...more }).token
    expect(tokenOf(undefined)).toBe('hf_file')
    expect(tokenOf(true)).toBe('hf_file')
    expect(tokenOf(true, { HF_TOKEN: ' hf_env\n' })).toBe('hf_env')
    expect(tokenOf(undefined, { HUGGING_FACE_HUB_TOKEN: 'hf_old' })).toBe('hf_old')
    expect(tokenOf('hf_given', { HF_TOKEN: 'hf_env' })).toBe('hf_given')
    expect(tokenOf(false, { HF_TOKEN: 'hf_env' })).toBeUndefined()
    expect(tokenOf(undefined, { HF_HUB_DISABLE_IMPLICIT_TOKEN: '1' })).toBeUndefined()
    expect(tokenOf(undefined, { HF_TOKEN_PATH: join(env.HF_HOME, 'none') })).toBeUndefined()
  })

  it('must be there when it is wanted', () => {
    const env = { HF_HOME: temporaryFolder() }
    expect(() => hubSettings({ token: true }, env)).toThrow(HubAccessError)
    expect(() => hubSettings({ token: true }, env)).toThrow(
      /no access token is stored[\s\S]*hint: set HF_TOKEN/,
    )
  })
})
