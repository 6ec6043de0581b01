/** Cases on trained weights and on texts of the world, where they lie beside the repository. */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { packageRoot } from '../../lib/native/paths.js'
import type { PipelineCase } from '../../test/native/transformers/pipelines/case.js'

const data = join(packageRoot, '..', 'shared', 'data')
const minilm = join(data, 'all-minilm-l6-v2')
const wiki = join(data, 'wikitext2', 'valid.txt')

export const realModels: Record<string, string> = existsSync(minilm) ? { minilm } : {}

const lines = existsSync(wiki)
  ? readFileSync(wiki, 'utf8')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .slice(0, 150)
  : []

const truncated = { truncation: true, max_length: 78 }
const masked = (mask: string) =>
  lines.map((line) => line.replace(/\b[a-z]{4,}\b/, mask)).filter((line) => line.includes(mask))

const overTexts: PipelineCase[] =
  lines.length === 0
    ? []
    : [
        {
          name: 'wiki/roberta',
          task: 'text-classification',
          model: 'sentiment',
          inputs: lines,
          call: { ...truncated, top_k: null },
        },
        { name: 'wiki/bert', task: 'text-classification', model: 'topics', inputs: lines, call: truncated },
        { name: 'wiki/xlmr', task: 'text-classification', model: 'xlmr', inputs: lines, call: truncated },
        {
          name: 'wiki/nli',
          task: 'zero-shot-classification',
          model: 'nli',
          inputs: lines,
          call: { candidate_labels: ['games', 'war', 'music'] },
        },
        {
          name: 'wiki/mask',
          task: 'fill-mask',
          model: 'roberta',
          inputs: masked('<mask>'),
          call: { tokenizer_kwargs: { ...truncated } },
        },
        {
          name: 'wiki/mask of BERT',
          task: 'fill-mask',
          model: 'bert',
          inputs: masked('[MASK]'),
          call: { tokenizer_kwargs: { ...truncated } },
        },
      ]

const onMiniLM: PipelineCase[] =
  realModels.minilm === undefined
    ? []
    : [
        {
          name: 'minilm/features',
          task: 'feature-extraction',
          model: 'minilm',
          inputs: [
            'A man plays a guitar.',
            'Somebody makes music on six strings, and sings.',
            'Tax law',
            ...lines.slice(0, 20),
          ],
          call: { truncation: true },
        },
      ]

export const realCases: readonly PipelineCase[] = [...overTexts, ...onMiniLM]
