import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { ArgumentError, CheckpointError, type Tensor, torch } from '../../../../lib/index.js'
import { temporaryFolder } from '../../io/safetensors-file.js'
import { described, valuesFolder } from './fixtures.js'

type Tensors = Record<string, Tensor>
const newPath = () => join(temporaryFolder(), 'saved.pt')

/** Saved and loaded again. */
async function returned(value: Parameters<typeof torch.save>[0]) {
  const path = newPath()
  await torch.save(value, path)
  return torch.load(path)
}

// That Python opens the files is tested in scripts/parity.
describe('torch.save', () => {
  it('keeps every kind of value', async () => {
    const values = await torch.load(join(valuesFolder, 'zip.pt'), { map_location: 'cpu' })
    const { conj: _, ...all } = values as Tensors
    expect(described(await returned(all))).toEqual(described(all))
  })

  it('writes what a conjugate view shows', async () => {
    const { conj } = (await torch.load(join(valuesFolder, 'zip.pt'), { map_location: 'cpu' })) as Tensors
    const { c } = (await returned({ c: conj as Tensor })) as Tensors
    expect(c?.view_as_real().tolist()).toEqual(conj?.resolve_conj().view_as_real().tolist())
  })

  it('writes a shared storage once and shares it again', async () => {
    const base = torch.arange(1000)
    const path = newPath()
    await torch.save({ base, tail: base.narrow(0, 900, 100) }, path)
    expect(readFileSync(path).length).toBeLessThan(10_000)
    const loaded = (await torch.load(path)) as { base: Tensor; tail: Tensor }
    loaded.base.zero_()
    expect(loaded.tail.storage_offset()).toBe(900)
    expect(loaded.tail.sum().item()).toBe(0)
  })

  it('keeps one object one object, and circles', async () => {
    const shared = [1]
    const circle: Parameters<typeof torch.save>[0][] = [shared, shared]
    circle.push(circle)
    const loaded = (await returned(circle)) as unknown[]
    expect(loaded[0]).toBe(loaded[1])
    expect(loaded[2]).toBe(loaded)
  })

  it('restores a module and its optimizer', async () => {
    const make = () => {
      const module = new torch.nn.Linear(3, 2)
      return { module, optimizer: new torch.optim.AdamW(module.parameters(), { lr: 0.1 }) }
    }
    const trained = make()
    const input = torch.ones([4, 3])
    const step = ({ module, optimizer }: typeof trained) => {
      module.zero_grad()
      module(input).pow(2).sum().backward()
      optimizer.step()
    }
    step(trained)
    const path = newPath()
    await torch.save(
      { model: trained.module.state_dict(), optimizer: trained.optimizer.state_dict() as never },
      path,
    )
    const other = make()
    const state = (await torch.load(path)) as never as { model: Tensors; optimizer: never }
    other.module.load_state_dict(state.model)
    other.optimizer.load_state_dict(state.optimizer)
    step(trained)
    step(other)
    expect(torch.equal(other.module.weight, trained.module.weight)).toBe(true)
  })

  it('aligns the data for mapping', async () => {
    const path = newPath()
    await torch.save(
      { a: torch.full([1], 0x11, { dtype: 'uint8' }), b: torch.full([9], 0x77, { dtype: 'uint8' }) },
      path,
    )
    const bytes = readFileSync(path)
    expect(bytes.indexOf(Buffer.alloc(9, 0x77)) % 64).toBe(0)
  })

  it('refuses what is no data', async () => {
    const path = newPath()
    await expect(torch.save({ f: (() => 1) as never }, path)).rejects.toThrow(/cannot write a function/)
    await expect(torch.save(new torch.nn.Linear(1, 1) as never, path)).rejects.toThrow(ArgumentError)
    await expect(torch.save(new Date(0) as never, path)).rejects.toThrow(/class Date[\s\S]*state_dict/)
    await expect(torch.save(torch.eye(2).to_sparse() as never, path)).rejects.toThrow(/to_dense/)
    await expect(torch.save(1n << 3000n, path)).rejects.toThrow(/255 bytes/)
    await expect(torch.save(null, '')).rejects.toThrow(ArgumentError)
    let deep: unknown[] = []
    for (let i = 0; i < 1100; i++) deep = [deep]
    await expect(torch.save(deep as never, path)).rejects.toThrow(/1000 deep/)
  })

  it('leaves the old file and nothing else when it fails', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'file'), 'old')
    await expect(torch.save(null, join(folder, 'file', 'below.pt'))).rejects.toThrow(CheckpointError)
    await expect(torch.save(Symbol('x') as never, join(folder, 'file'))).rejects.toThrow(ArgumentError)
    expect(readdirSync(folder)).toEqual(['file'])
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('old')
  })
})
