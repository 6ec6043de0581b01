import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'
import { inspect } from 'node:util'

import { afterEach, describe, expect, it } from 'vitest'

import { torch } from '../../../lib/index.js'
import { packageRoot } from '../../../lib/native/paths.js'

const cpu = () => torch.memory.stats().cpu as NonNullable<ReturnType<typeof torch.memory.stats>['cpu']>

describe('torch.memory.stats', () => {
  it('counts tensors, storages and bytes by device', () => {
    const before = torch.memory.stats()
    const x = torch.zeros([256, 4])
    const view = x.view([-1])
    const meta = torch.zeros([1000], { device: 'meta' })
    const after = torch.memory.stats()
    expect(after.cpu?.tensors).toBe((before.cpu?.tensors ?? 0) + 2)
    expect(after.cpu?.storages).toBe((before.cpu?.storages ?? 0) + 1)
    expect((after.cpu?.bytes ?? 0) - (before.cpu?.bytes ?? 0)).toBeGreaterThanOrEqual(4096)
    expect(after.meta?.tensors).toBe((before.meta?.tensors ?? 0) + 1)
    expect(after.meta?.bytes).toBe(0)
    for (const tensor of [x, view, meta]) tensor.dispose()
    expect(torch.memory.stats().cpu?.bytes).toBe(before.cpu?.bytes)
    expect(torch.memory.stats().meta?.tensors).toBe(before.meta?.tensors ?? 0)
  })

  it('keeps the peak until it is reset', () => {
    torch.memory.resetPeak()
    const before = cpu()
    expect(before.peak_bytes).toBe(before.bytes)
    expect(before.peak_tensors).toBe(before.tensors)
    torch.scope(() => {
      for (let i = 0; i < 8; i++) torch.zeros([1 << 18])
    })
    expect(cpu().peak_bytes).toBeGreaterThanOrEqual(before.bytes + 8 * (1 << 20))
    expect(cpu().peak_tensors).toBe(before.tensors + 8)
    torch.memory.resetPeak()
    expect(cpu().peak_bytes).toBe(cpu().bytes)
    expect(cpu().peak_tensors).toBe(cpu().tensors)
  })
})

describe('torch.memory.report', () => {
  afterEach(() => torch.memory.trackAllocations(false))

  it('groups live tensors by the line that made them', () => {
    torch.memory.trackAllocations(true)
    const kept = Array.from({ length: 3 }, () => torch.zeros([100, 10]))
    const view = kept[0]?.view([-1])
    const { sites } = torch.memory.report()
    const made = sites.find(({ sample, tensors }) => sample === 'float32[100, 10] cpu' && tensors === 3)
    expect(made?.line).toMatch(/memory\.test\.ts:\d+:\d+$/)
    expect(made?.bytes).toBe(3 * 4000)
    // A view shares the storage of the tensor that it was made from.
    expect(sites.find(({ sample }) => sample === 'float32[1000] cpu')).toMatchObject({ tensors: 1, bytes: 0 })
    view?.dispose()
    for (const tensor of kept) tensor.dispose()
    expect(torch.memory.report().sites.some(({ line }) => line === made?.line)).toBe(false)
  })

  it('makes tensors of the same class, tracked or not', () => {
    torch.memory.trackAllocations(true)
    const tracked = torch.ones([2])
    torch.memory.trackAllocations(false)
    const plain = torch.ones([2])
    for (const tensor of [tracked, plain]) {
      expect(tensor).toBeInstanceOf(torch.Tensor)
      expect(tensor.constructor).toBe(torch.Tensor)
    }
    expect(torch.memory.report().sites.some(({ line }) => line.includes('before tracking'))).toBe(true)
  })

  it('prints a table, and says how lines come into it', () => {
    const held = torch.ones([7, 3])
    expect(inspect(torch.memory.report())).toContain('ROBERTORCH_TRACK=1')
    torch.memory.trackAllocations(true)
    const seen = torch.ones([7, 5])
    const text = inspect(torch.memory.report())
    expect(text).toContain('memory.test.ts')
    expect(text).toContain(`float32[${seen.shape.join(', ')}] cpu`)
    expect(text).not.toContain('ROBERTORCH_TRACK=1')
    held.dispose()
  })

  it('names the line of the source, through its map, in a program of its own', () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', 'tsx', join(packageRoot, 'test/native/torch/fixtures/leak.ts')],
      { encoding: 'utf8', cwd: packageRoot, env: { ...process.env, ROBERTORCH_TRACK: '1' }, timeout: 60_000 },
    )
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const sites = JSON.parse(stdout) as { line: string; tensors: number }[]
    expect(sites.find(({ line }) => /leak\.ts:15:\d+$/.test(line))?.tensors).toBe(20)
  })
})
