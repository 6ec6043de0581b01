import { rmSync } from 'node:fs'
import { join } from 'node:path'

import { beforeEach, describe, expect, it, vi } from 'vitest'

import { type Inputs, Stamps } from '../../../../scripts/build/stamp.js'
import { temporaryFolder, writeAll } from '../libtorch/fakes.js'

let root: string
let inputs: Inputs
const step = vi.fn()

beforeEach(() => {
  root = temporaryFolder()
  step.mockReset()
  inputs = {
    name: 'native',
    files: ['CMakeLists.txt', 'native', 'absent'],
    values: ['2.13.0'],
    outputs: ['out/a.node'],
  }
  writeAll(join(root, 'CMakeLists.txt'), 'project(a)')
  writeAll(join(root, 'native/core/a.cpp'), 'int a;')
  writeAll(join(root, 'out/a.node'), '')
})

const run = (changed: Partial<Inputs> = {}) => new Stamps(root).run({ ...inputs, ...changed }, step)

describe('Stamps', () => {
  it('runs a step once as long as nothing changes', async () => {
    expect(await run()).toBe(true)
    writeAll(join(root, 'native/core/a.cpp'), 'int a;')
    expect(await run()).toBe(false)
    expect(step).toHaveBeenCalledTimes(1)
  })

  it.each<[string, () => Partial<Inputs> | undefined]>([
    ['a file', () => void writeAll(join(root, 'native/core/a.cpp'), 'int b;')],
    ['the list of files', () => void writeAll(join(root, 'native/core/b.cpp'), '')],
    ['the name of a file', () => ({ files: ['CMakeLists.txt', 'native/core/a.cpp', 'out'] })],
    ['a value', () => ({ values: ['2.14.0'] })],
    ['the presence of an output', () => void rmSync(join(root, 'out/a.node'))],
  ])('runs it again when %s changes', async (_, change) => {
    await run()
    expect(await run(change() ?? {})).toBe(true)
  })

  it('runs a step again that failed', async () => {
    step.mockRejectedValueOnce(new Error('no compiler'))
    await expect(run()).rejects.toThrow('no compiler')
    expect(await run()).toBe(true)
  })
})
