import { spawnSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

import { describe, expect, it } from 'vitest'

import {
  CheckpointError,
  convertFairseq,
  RobertaForMaskedLM,
  RobertaForSequenceClassification,
  RobertaTokenizer,
  type Saved,
  torch,
} from '../../../../lib/index.js'
import { packageRoot } from '../../../../lib/native/paths.js'

import { temporaryFolder } from '../../io/safetensors-file.js'
import { checkpoints, expectPythonsLogits, loadReported, nothing } from './folders.js'

const maskedLM = join(checkpoints, 'fairseq/masked-lm')
const mnli = join(checkpoints, 'fairseq/mnli')

/** A copy, with the checkpoint changed. */
async function changed(folder: string, change: (checkpoint: { model: Record<string, Saved> }) => object) {
  const copy = temporaryFolder()
  cpSync(folder, copy, { recursive: true })
  const loaded = await torch.load(join(folder, 'model.pt'))
  await torch.save(change(loaded as never) as Saved, join(copy, 'model.pt'))
  return copy
}

describe('a folder of fairseq', () => {
  it('is opened as it is: the published form, decoder and fused projections', async () => {
    const { model, info } = await loadReported(maskedLM)
    expect(info).toEqual(nothing)
    await expectPythonsLogits(model, maskedLM)
    expect(model.config).toMatchObject({
      model_type: 'roberta',
      attention_probs_dropout_prob: 0.2,
      classifier_dropout: 0.3,
      max_position_embeddings: 12,
      num_attention_heads: 2,
    })
  })

  it('is opened with its classification head: the form of new versions', async () => {
    const model = await RobertaForSequenceClassification.from_pretrained(mnli, {
      onReport: (info) => expect(info).toEqual(nothing),
    })
    expect(model.config.num_labels).toBe(3)
    await expectPythonsLogits(model, mnli)
  })

  it('is converted, with its tokenizer', async () => {
    const to = join(temporaryFolder(), 'converted')
    const { architecture, leftOut } = await convertFairseq(maskedLM, to)
    expect([architecture, leftOut]).toEqual(['RobertaForMaskedLM', []])
    expect(readdirSync(to).sort()).toEqual(['config.json', 'merges.txt', 'model.safetensors', 'vocab.json'])
    await expectPythonsLogits(await RobertaForMaskedLM.from_pretrained(to), maskedLM)
    const vocabulary = JSON.parse(readFileSync(join(to, 'vocab.json'), 'utf8')) as object
    expect(vocabulary).toEqual({
      ...{ '<s>': 0, '<pad>': 1, '</s>': 2, '<unk>': 3 },
      ...{ ab: 4, a: 5, Ġ: 6, b: 7, c: 8, abc: 9, Ġc: 10, '<|endoftext|>': 11 },
      ...{ madeupword0000: 12, '<mask>': 13 },
    })
    const tokenizer = await RobertaTokenizer.from_pretrained(to)
    expect(await tokenizer.encode('abc<mask> c')).toEqual([0, 9, 13, 10, 2])
  })

  it('is converted by the command', async () => {
    const to = join(temporaryFolder(), 'converted')
    const command = ['--import', 'tsx', join(packageRoot, 'lib/cli/index.ts'), 'convert', mnli, '--to', to]
    const { stdout, stderr, status } = spawnSync(process.execPath, command, {
      cwd: packageRoot,
      encoding: 'utf8',
    })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(
      /RobertaForSequenceClassification, weights and config\.json, vocab\.json, merges\.txt/,
    )
    await expectPythonsLogits(await RobertaForSequenceClassification.from_pretrained(to), mnli)
  })

  it('needs the name of the head when there are several', async () => {
    const folder = await changed(mnli, (checkpoint) => {
      const heads = Object.entries(checkpoint.model).filter(([name]) =>
        name.startsWith('classification_heads.'),
      )
      const more = heads.map(([name, tensor]) => [name.replace('.mnli.', '.other.'), tensor])
      return { ...checkpoint, model: { ...checkpoint.model, ...Object.fromEntries(more) } }
    })
    const to = join(temporaryFolder(), 'converted')
    const { architecture, leftOut } = await convertFairseq(folder, to, { head: 'mnli' })
    expect(architecture).toBe('RobertaForSequenceClassification')
    expect(leftOut).toContain('classification_heads.other.dense.weight')
    await expectPythonsLogits(await RobertaForSequenceClassification.from_pretrained(to), mnli)
    await expect(convertFairseq(folder, to, { head: 'cola' })).rejects.toThrow(
      /no classification head 'cola'[\s\S]*mnli, other/,
    )
    expect((await convertFairseq(folder, to)).architecture).toBe('RobertaForMaskedLM')
  })

  it.each<[string, (checkpoint: { model: Record<string, Saved> }) => object, RegExp]>([
    ['no model', () => ({ args: null }), /no state dict under 'model'/],
    ['no RoBERTa', (c) => ({ ...c, model: { x: torch.ones([1]) } }), /holds no RoBERTa of fairseq/],
    [
      'normalization before each block',
      (c) => ({ ...c, args: { encoder_normalize_before: true }, cfg: null }),
      /normalizes before each block/,
    ],
    [
      'another activation',
      (c) => ({ ...c, args: { activation_fn: '__proto__' }, cfg: null }),
      /activation '__proto__'/,
    ],
  ])('is refused with %s', async (_, change, message) => {
    const folder = await changed(mnli, change)
    await expect(convertFairseq(folder, temporaryFolder())).rejects.toThrow(message)
    await expect(RobertaForMaskedLM.from_pretrained(folder)).rejects.toThrow(CheckpointError)
  })

  it.each([
    ['a line without a count', 'dict.txt', '0 5\nx\n', /line 2 is no symbol and its count/],
    ['a BPE id without a token', 'dict.txt', '99 1\n', /no token with the id 99/],
    ['a symbol twice', 'dict.txt', '0 1\n0 1\n', /names a token twice/],
    ['an encoder that is no JSON', 'encoder.json', '{', /encoder\.json .*not valid JSON/],
  ])('is refused with %s', async (_, file, content, message) => {
    const folder = temporaryFolder()
    cpSync(mnli, folder, { recursive: true })
    writeFileSync(join(folder, file), content)
    await expect(convertFairseq(folder, temporaryFolder())).rejects.toThrow(message)
  })

  it('needs both files', async () => {
    const folder = temporaryFolder()
    cpSync(mnli, folder, { recursive: true })
    rmSync(join(folder, 'dict.txt'))
    await expect(convertFairseq(folder, temporaryFolder())).rejects.toThrow(/no model\.pt and dict\.txt/)
  })
})
