import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'

import { describe, expect, it } from 'vitest'

import { ArgumentError } from '../../../lib/errors.js'
import { type SharedToken, torch } from '../../../lib/index.js'
import { packageRoot } from '../../../lib/native/paths.js'
import { native } from '../../../lib/torch/native.js'

function run(scenario: string): unknown {
  const command = [
    '--import',
    'tsx',
    join(packageRoot, 'test/native/torch/fixtures/data-sharing.ts'),
    scenario,
  ]
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, command, {
    encoding: 'utf8',
    cwd: packageRoot,
    timeout: 60_000,
  })
  expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' })
  return JSON.parse(stdout)
}

describe('a tensor shared with worker threads', () => {
  it('is changed in place by the other thread', () => {
    expect(run('changeInPlace')).toEqual([
      [0, 1, 2],
      [4, 5, 6],
    ])
  })

  it('comes back from a worker that has ended', () => {
    expect(run('back')).toEqual({
      values: [
        [0, 2],
        [1, 3],
      ],
      dtype: 'torch.float64',
      requires_grad: true,
      stride: [1, 2],
    })
  })

  it('is opened by several workers', () => expect(run('several')).toEqual({ shared: 0 }))

  it('holds its memory until it is disposed when nobody opens it', () => {
    expect(run('neverOpened')).toEqual({ held: true, given: true, again: false, after: 0 })
  })
})

describe('a token', () => {
  it('is plain data that survives structuredClone', () => {
    const x = torch.arange(3)
    const token = structuredClone(x.share()) as SharedToken
    const opened = torch.fromShared(token)
    expect(native.storageId(opened)).toBe(native.storageId(x))
    expect(opened === x).toBe(false)
  })

  it('opens as often as it says, and then no more', () => {
    const token = torch.zeros([2]).share(2)
    torch.fromShared(token)
    expect(torch.memory().shared).toBe(1)
    torch.fromShared(token)
    expect(torch.memory().shared).toBe(0)
    expect(() => torch.fromShared(token)).toThrow(/share\(n\)/)
  })

  it('keeps the memory when the tensor is disposed, and gives it up at the end of a block', () => {
    const x = torch.tensor([1, 2])
    const token = x.share()
    x.dispose()
    expect(torch.fromShared(token).tolist()).toEqual([1, 2])
    {
      using _ = torch.zeros([2]).share()
      expect(torch.memory().shared).toBe(1)
    }
    expect(torch.memory().shared).toBe(0)
    expect(token.dispose()).toBe(false)
  })

  it('cannot grow, which would take the memory from the other thread', () => {
    const x = torch.ones([2])
    using token = x.share()
    expect(() => x.resize_([1000])).toThrow(/not resizable/)
    expect(() => torch.fromShared(token).resize_([1000])).toThrow(/not resizable/)
  })

  it('is refused for what cannot be shared', () => {
    const leaf = torch.ones([2]).requires_grad_()
    expect(() => leaf.mul(2).share()).toThrow(/detach\(\)\.share\(\)/)
    expect(() => torch.frombuffer(new Float32Array(2)).share()).toThrow(/clone\(\)\.share\(\)/)
    expect(() => torch.frombuffer(new Float32Array(2)).at('1:').share()).toThrow(ArgumentError)
    expect(() => leaf.share(0)).toThrow(/opens must be at least 1/)
    expect(() => torch.fromShared({} as SharedToken)).toThrow(/takes the token/)
    expect(() => torch.fromShared(null as unknown as SharedToken)).toThrow(/takes the token/)
    expect(() => torch.fromShared({ kind: 'robertorch.tensor', id: 'guess' })).toThrow(/'guess'/)
    expect(torch.memory().shared).toBe(0)
  })
})
