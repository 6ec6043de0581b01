import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { ArgumentError, RobertaForMaskedLM, torch } from '../../../../lib/index.js'
import { temporaryFolder } from '../../io/safetensors-file.js'
import { checkpoints, expectPythonsLogits, folderOf, loadReported, nothing, parameterOf } from './folders.js'

const loadModel = () => RobertaForMaskedLM.from_pretrained(folderOf('zip.bin'))
const files = (folder: string) => readdirSync(folder).sort()

describe('save_pretrained', () => {
  it.each([
    ['shards', 'model.safetensors.index.json', true],
    ['bin-shards', 'pytorch_model.bin.index.json', false],
  ])('writes the %s that Python writes', async (python, index, safe_serialization) => {
    const folder = temporaryFolder()
    await (await loadModel()).save_pretrained(folder, { max_shard_size: '2KB', safe_serialization })
    expect(files(folder)).toEqual(files(join(checkpoints, python)))
    const read = (name: string) =>
      JSON.parse(readFileSync(join(name, index), 'utf8')) as Record<string, object>
    const [ours, theirs] = [read(folder), read(join(checkpoints, python))]
    // Python's pickles repeat the tied weight and bias, which it takes from the embeddings all the same.
    const tied = /^lm_head\.decoder\./
    const named = Object.fromEntries(
      Object.entries(theirs.weight_map ?? {}).filter(([name]) => !tied.test(name)),
    )
    expect(ours.weight_map).toEqual(named)
    expect(ours.metadata).toEqual(theirs.metadata)
    const { model, info } = await loadReported(folder)
    expect(info).toEqual(nothing)
    await expectPythonsLogits(model)
  })

  it('writes one file below the limit', async () => {
    const folder = temporaryFolder()
    const model = await loadModel()
    await model.save_pretrained(folder, { safe_serialization: false })
    expect(files(folder)).toEqual(['config.json', 'pytorch_model.bin'])
    await expectPythonsLogits((await loadReported(folder)).model)
  })

  it('removes the files of an earlier save, and no other', async () => {
    const folder = temporaryFolder()
    const model = await loadModel()
    for (const name of [
      'model-a-00001-of-00002.safetensors',
      'my-model-00001-of-00002.safetensors',
      'notes.txt',
    ]) {
      writeFileSync(join(folder, name), name)
    }
    const others = files(folder)
    await model.save_pretrained(folder, { max_shard_size: 500 })
    const many = files(folder).length
    await model.save_pretrained(folder, { max_shard_size: '2KB' })
    expect(files(folder).length).toBeLessThan(many)
    expect(files(folder).filter((name) => /^model-\d{5}-of-00003/.test(name))).toHaveLength(3)
    await model.save_pretrained(folder)
    expect(files(folder)).toEqual([...others, 'config.json', 'model.safetensors'].sort())
    await model.save_pretrained(folder, { max_shard_size: '2KB' })
    expect(files(folder)).not.toContain('model.safetensors')
    await expectPythonsLogits((await loadReported(folder)).model)
  })

  it('puts a tensor above the limit into a shard of its own', async () => {
    const folder = temporaryFolder()
    await (await loadModel()).save_pretrained(folder, { max_shard_size: 100 })
    await expectPythonsLogits((await loadReported(folder)).model)
  })

  it.each(['5', '5XB', '-1GB', 0, -5, Number.NaN])('refuses the size %s', async (max_shard_size) => {
    const folder = temporaryFolder()
    await expect((await loadModel()).save_pretrained(folder, { max_shard_size })).rejects.toThrow(
      ArgumentError,
    )
    expect(files(folder)).toEqual([])
  })

  it('writes weights that are views of others contiguously', async () => {
    const folder = temporaryFolder()
    const model = await loadModel()
    const weight = parameterOf(model, 'lm_head.dense.weight')
    weight.data = torch.zeros([100, 8]).narrow(0, 10, 8)
    await model.save_pretrained(folder, { safe_serialization: false })
    const loaded = await RobertaForMaskedLM.from_pretrained(folder)
    expect(parameterOf(loaded, 'lm_head.dense.weight').storage_offset()).toBe(0)
  })
})
