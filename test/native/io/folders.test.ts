import { copyFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { describe, expect, it } from 'vitest'

import {
  ArgumentError,
  CheckpointError,
  ConfigError,
  RobertaConfig,
  RobertaForMaskedLM,
  RobertaForSequenceClassification,
  RobertaModel,
  torch,
} from '../../../lib/index.js'
import { native } from '../../../lib/torch/native.js'
import { temporaryFolder } from './safetensors-file.js'

const good = fileURLToPath(new URL('../../fixtures/tiny-random/roberta/model', import.meta.url))

/** A copy of a good folder with some files replaced. */
function folderWith(files: Record<string, string | Buffer>): string {
  const folder = temporaryFolder()
  for (const name of ['config.json', 'model.safetensors']) copyFileSync(join(good, name), join(folder, name))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}

describe('config.json', () => {
  it.each([
    ['of a folder that does not exist', '/no/such/folder', /there is no folder \/no\/such\/folder/],
    [
      'of a folder without one',
      temporaryFolder(),
      /has no config\.json[\s\S]*from_pretrained takes a folder/,
    ],
    ['that is no JSON', folderWith({ 'config.json': '{"a": ' }), /config\.json is not valid JSON/],
    ['that is empty', folderWith({ 'config.json': '' }), /config\.json is not valid JSON/],
    ['that is a list', folderWith({ 'config.json': '[]' }), /must hold a JSON object/],
    ['that is null', folderWith({ 'config.json': 'null' }), /must hold a JSON object/],
    [
      'of another kind of model',
      folderWith({ 'config.json': '{"model_type": "t5"}' }),
      /type 't5', expected 'roberta'/,
    ],
    [
      'with absurd sizes',
      folderWith({ 'config.json': '{"vocab_size": 1e15}' }),
      /vocab_size is 1000000000000000, must lie in 1\.\./,
    ],
    [
      'with a wrong type',
      folderWith({ 'config.json': '{"hidden_size": "768"}' }),
      /hidden_size must be a number, is 768/,
    ],
    [
      'with null for a size',
      folderWith({ 'config.json': '{"hidden_size": null}' }),
      /hidden_size must be a number, is null/,
    ],
    ['with labels that are no object', folderWith({ 'config.json': '{"id2label": 5}' }), /id2label/],
    ['with no labels', folderWith({ 'config.json': '{"id2label": {}}' }), /num_labels/],
  ])('%s', async (_, folder, message) => {
    const loading = RobertaForSequenceClassification.from_pretrained(folder)
    await expect(loading).rejects.toThrow(ConfigError)
    await expect(loading).rejects.toThrow(message)
    expect((await RobertaModel.from_pretrained(good)).parameters().length).toBeGreaterThan(0)
  })

  it('that is a folder', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'config.json'))
    await expect(RobertaModel.from_pretrained(folder)).rejects.toThrow(ConfigError)
    await expect(RobertaModel.from_pretrained(folder)).rejects.toThrow(/config\.json/)
  })

  it('is asked for by a path that is no text', async () => {
    for (const path of [undefined, null, 5, {}, '']) {
      const config = new RobertaConfig()
      await expect(RobertaModel.from_pretrained(path as never)).rejects.toThrow(ArgumentError)
      await expect(RobertaModel.from_pretrained(path as never, { config })).rejects.toThrow(
        /must be a string/,
      )
    }
  })
})

describe('weights', () => {
  it('that are missing', async () => {
    const folder = temporaryFolder()
    copyFileSync(join(good, 'config.json'), join(folder, 'config.json'))
    await expect(RobertaModel.from_pretrained(folder)).rejects.toThrow(CheckpointError)
    await expect(RobertaModel.from_pretrained(folder)).rejects.toThrow(/has none of model\.safetensors/)
    writeFileSync(join(folder, 'pytorch_model.bin'), '')
    await expect(RobertaModel.from_pretrained(folder)).rejects.toThrow(/not written by torch\.save/)
  })

  it('that are a folder', async () => {
    const folder = temporaryFolder()
    copyFileSync(join(good, 'config.json'), join(folder, 'config.json'))
    mkdirSync(join(folder, 'model.safetensors'))
    await expect(RobertaModel.from_pretrained(folder)).rejects.toThrow(
      /is not a regular file \(Is a directory\)/,
    )
  })

  it('that are no safetensors', async () => {
    const folder = folderWith({ 'model.safetensors': 'not weights at all' })
    await expect(RobertaModel.from_pretrained(folder)).rejects.toThrow(CheckpointError)
  })

  it('of another shape, unless they may be drawn anew', async () => {
    const loading = RobertaModel.from_pretrained(good, { vocab_size: 7 })
    await expect(loading).rejects.toThrow(CheckpointError)
    await expect(loading).rejects.toThrow(
      /word_embeddings\.weight: \(.*\) in the file, \(7,.*\) in the model[\s\S]*ignore_mismatched_sizes/,
    )
    const reports: string[] = []
    const model = await RobertaModel.from_pretrained(good, {
      vocab_size: 7,
      ignore_mismatched_sizes: true,
      onReport: (_, text) => reports.push(text),
    })
    expect(reports.join()).toMatch(/newly drawn: .*word_embeddings\.weight/)
    expect(model.parameters().every((parameter) => Number.isFinite(parameter.sum().item()))).toBe(true)
  })

  it('that are not there are reported and drawn', async () => {
    const folder = folderWith({})
    const { tensors } = await native.loadSafetensors(join(folder, 'model.safetensors'))
    const kept = tensors
      .filter(([name]) => !name.startsWith('pooler.'))
      .map(([n, t]): (typeof tensors)[0] => [n, t])
    await native.saveSafetensors(join(folder, 'model.safetensors'), [...kept, ['odd', torch.ones([1])]], {})
    let report = ''
    const model = await RobertaModel.from_pretrained(folder, {
      onReport: ({ missing_keys, unexpected_keys }) => {
        report = `${missing_keys.join()} ${unexpected_keys.join()}`
      },
    })
    expect(report).toBe('pooler.dense.weight,pooler.dense.bias odd')
    expect(
      model({ input_ids: torch.tensor([[0, 5, 2]]) })
        .pooler_output?.isfinite()
        .all()
        .item(),
    ).toBe(true)
  })

  it('of another dtype are converted', async () => {
    const folder = folderWith({})
    const { tensors } = await native.loadSafetensors(join(folder, 'model.safetensors'))
    const half = tensors.map(([name, tensor]): (typeof tensors)[0] => [name, tensor.to(torch.float16)])
    await native.saveSafetensors(join(folder, 'model.safetensors'), half, { format: 'pt' })
    expect((await RobertaModel.from_pretrained(folder)).dtype).toBe(torch.float32)
    expect((await RobertaModel.from_pretrained(folder, { dtype: 'bfloat16' })).dtype).toBe(torch.bfloat16)
    await expect(RobertaModel.from_pretrained(folder, { dtype: 'float31' })).rejects.toThrow(
      /'float31' is no dtype/,
    )
  })
})

describe('save_pretrained', () => {
  it('into the folder that it was loaded from', async () => {
    const folder = temporaryFolder()
    cpSync(good, folder, { recursive: true })
    const model = await RobertaModel.from_pretrained(folder)
    const [parameter] = model.parameters()
    torch.no_grad(() => parameter?.fill_(3))
    await model.save_pretrained(folder)
    const again = await RobertaModel.from_pretrained(folder)
    expect(again.parameters()[0]?.eq(3).all().item()).toBe(true)
    expect(model.parameters()[0]?.eq(3).all().item()).toBe(true)
  })

  it('keeps a shared embedding once and loads it tied', async () => {
    const folder = temporaryFolder()
    const config = new RobertaConfig({
      vocab_size: 50,
      hidden_size: 8,
      num_hidden_layers: 1,
      num_attention_heads: 2,
      intermediate_size: 8,
    })
    const model = new RobertaForMaskedLM(config).eval()
    await model.save_pretrained(folder)
    const again = await RobertaForMaskedLM.from_pretrained(folder)
    const inputs = { input_ids: torch.tensor([[0, 5, 2]]) }
    expect(again(inputs).logits.equal(model(inputs).logits)).toBe(true)
  })
})
