import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import {
  CheckpointError,
  type FromPretrainedOptions,
  RobertaConfig,
  RobertaForMaskedLM,
  RobertaForSequenceClassification,
  RobertaModel,
  torch,
  UnsafeFileError,
} from '../../../../lib/index.js'
import { openWeights, weightCandidates } from '../../../../lib/transformers/checkpoint/index.js'
import { call, global, pickle, text, zipForm } from '../../torch/serialization/pickles.js'
import {
  checkpoints,
  expectPythonsLogits,
  folderOf,
  loadReported,
  nothing,
  parameterOf,
  roberta,
} from './folders.js'

describe('from_pretrained reads', () => {
  it.each(['zip.bin', 'legacy.bin', 'old-names.bin', 'other-encoder.bin', 'wrapped.ckpt'])(
    '%s',
    async (file) => {
      const { model, info } = await loadReported(folderOf(file))
      expect(info).toEqual(nothing)
      await expectPythonsLogits(model)
    },
  )

  it.each(['shards', 'bin-shards'])('a folder of Python’s %s', async (name) => {
    const { model, info } = await loadReported(join(checkpoints, name))
    expect(info).toEqual(nothing)
    await expectPythonsLogits(model)
  })

  it.each([
    join(roberta, 'zip.bin'),
    join(checkpoints, 'shards', 'model.safetensors.index.json'),
    join(checkpoints, 'bin-shards', 'pytorch_model.bin.index.json'),
  ])('a file with its configuration beside it: %s', async (path) => {
    await expectPythonsLogits((await loadReported(path)).model)
  })

  it('a file with a configuration that is given', async () => {
    const config = await RobertaConfig.from_pretrained(roberta)
    const folder = folderOf('zip.bin')
    writeFileSync(join(folder, 'config.json'), '{')
    await expectPythonsLogits((await loadReported(join(folder, 'pytorch_model.bin'), { config })).model)
  })

  it('a base checkpoint under a head, and says which weights are new', async () => {
    const { model, info } = await loadReported(folderOf('base.bin'))
    expect(info.missing_keys).toEqual([
      'lm_head.bias',
      'lm_head.dense.weight',
      'lm_head.dense.bias',
      'lm_head.layer_norm.weight',
      'lm_head.layer_norm.bias',
    ])
    expect(info.unexpected_keys).toEqual([])
    const whole = (await loadReported(folderOf('zip.bin'))).model
    const word = 'roberta.embeddings.word_embeddings.weight'
    expect(torch.equal(parameterOf(model, word), parameterOf(whole, word))).toBe(true)
  })

  it('a model with a head as its base', async () => {
    const base = await RobertaModel.from_pretrained(folderOf('zip.bin'), {
      add_pooling_layer: false,
      onReport() {},
    })
    const whole = (await loadReported(folderOf('zip.bin'))).model
    const word = 'embeddings.word_embeddings.weight'
    expect(torch.equal(parameterOf(base, word), parameterOf(whole, `roberta.${word}`))).toBe(true)
  })

  it('sizes that do not fit only when asked to', async () => {
    const folder = folderOf('zip.bin')
    const options = { vocab_size: 20 }
    await expect(loadReported(folder, options)).rejects.toThrow(
      /word_embeddings\.weight: \(14,8\) in the file, \(20,8\)/,
    )
    const { info } = await loadReported(folder, { ...options, ignore_mismatched_sizes: true })
    expect(info.mismatched_keys.map(({ key }) => key)).toEqual([
      'roberta.embeddings.word_embeddings.weight',
      'lm_head.bias',
    ])
  })
})

describe('the order of the forms', () => {
  it('is that of Transformers', () => {
    const names = (options: Parameters<typeof weightCandidates>[0]) =>
      weightCandidates(options).map(({ name }) => name)
    expect(names({})).toEqual([
      'model.safetensors',
      'model.safetensors.index.json',
      'pytorch_model.bin',
      'pytorch_model.bin.index.json',
    ])
    expect(names({ use_safetensors: true, variant: 'fp16' })).toEqual([
      'model.fp16.safetensors',
      'model.safetensors.index.fp16.json',
    ])
    expect(names({ use_safetensors: false })).toEqual(['pytorch_model.bin', 'pytorch_model.bin.index.json'])
  })

  it('can be chosen', async () => {
    const folder = folderOf('zip.bin')
    const model = await RobertaForMaskedLM.from_pretrained(folder)
    parameterOf(model, 'lm_head.bias').data = torch.zeros([14])
    await model.save_pretrained(folder)
    const bias = async (options: FromPretrainedOptions) =>
      parameterOf(await RobertaForMaskedLM.from_pretrained(folder, options), 'lm_head.bias')
        .abs()
        .sum()
        .item()
    expect(await bias({})).toBe(0)
    expect(await bias({ use_safetensors: true })).toBe(0)
    expect(await bias({ use_safetensors: false })).toBeGreaterThan(0)
    await expect(bias({ variant: 'fp16' })).rejects.toThrow(
      /model\.fp16\.safetensors[\s\S]*leave out use_safetensors/,
    )
    await model.save_pretrained(folder, { variant: 'fp16' })
    expect(await bias({ variant: 'fp16' })).toBe(0)
  })
})

describe('dtype', () => {
  it.each([
    ['float32 by default', undefined, 'float32'],
    ["the configuration's", 'auto', 'bfloat16'],
    ['the one given', 'float16', 'float16'],
  ])('%s', async (_, dtype, expected) => {
    const folder = folderOf('half.bin')
    const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as object
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...config, dtype: 'bfloat16' }))
    const { model } = await loadReported(folder, { dtype })
    expect(new Set(model.parameters().map((parameter) => parameter.dtype.name))).toEqual(new Set([expected]))
  })

  it("the file's, where the configuration has none; also for new weights", async () => {
    const folder = folderOf('half.bin')
    const {
      dtype: _,
      torch_dtype: __,
      ...config
    } = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'))
    writeFileSync(join(folder, 'config.json'), JSON.stringify(config))
    const model = await RobertaForSequenceClassification.from_pretrained(folder, {
      dtype: 'auto',
      onReport() {},
    })
    expect(new Set(model.parameters().map((parameter) => parameter.dtype.name))).toEqual(new Set(['float16']))
  })
})

describe('a hostile folder', () => {
  const index = (value: unknown) => {
    const folder = folderOf('zip.bin', 'model-00001-of-00001.bin')
    writeFileSync(
      join(folder, 'model.safetensors.index.json'),
      typeof value === 'string' ? value : JSON.stringify(value),
    )
    return folder
  }

  it.each<[string, unknown, RegExp]>([
    ['no JSON', '{', /not valid JSON/],
    ['no map', {}, /no weight_map/],
    ['null', 'null', /no weight_map/],
    ['a list', { weight_map: [] }, /no weight_map/],
    ['a way up', { weight_map: { a: '../../etc/passwd' } }, /name without a folder/],
    ['an absolute path', { weight_map: { a: '/etc/passwd' } }, /name without a folder/],
    ['a hidden way up', { weight_map: { a: '..' } }, /name without a folder/],
    ['Windows’ way up', { weight_map: { a: '..\\x' } }, /name without a folder/],
    ['a number', { weight_map: { a: 7 } }, /name without a folder/],
    ['a file that is not there', { weight_map: { a: 'model-00002-of-00002.safetensors' } }, /not beside it/],
    ['tensors that are not there', { weight_map: { a: 'model-00001-of-00001.bin' } }, /lacks tensors .*: a/],
  ])('index with %s', async (_, value, message) => {
    const opening = openWeights(index(value))
    await expect(opening).rejects.toThrow(CheckpointError)
    await expect(opening).rejects.toThrow(message)
  })

  it('has the same tensor in two shards', async () => {
    const folder = index({ weight_map: { 'lm_head.bias': 'one.bin', 'lm_head.dense.bias': 'two.bin' } })
    for (const name of ['one.bin', 'two.bin']) copyFileSync(join(roberta, 'zip.bin'), join(folder, name))
    await expect(openWeights(folder)).rejects.toThrow(/as another shard does/)
  })

  it('has nothing to load', async () => {
    const folder = folderOf('zip.bin', 'other.bin')
    await expect(openWeights(folder)).rejects.toThrow(/none of model\.safetensors/)
    mkdirSync(join(folder, 'pytorch_model.bin'))
    await expect(openWeights(folder)).rejects.toThrow(CheckpointError)
  })

  it('wants something run', async () => {
    const folder = folderOf('zip.bin')
    writeFileSync(
      join(folder, 'pytorch_model.bin'),
      await zipForm(pickle(call(global('os', 'system'), text('id')))),
    )
    await expect(RobertaForMaskedLM.from_pretrained(folder)).rejects.toThrow(UnsafeFileError)
    writeFileSync(join(folder, 'pytorch_model.bin'), await zipForm(pickle('}')))
    await expect(RobertaForMaskedLM.from_pretrained(folder)).rejects.toThrow(/holds no tensors by name/)
  })
})
