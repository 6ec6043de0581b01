/** The files of a model on the hub that are needed, and no others. */

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { together, type WantedFiles } from '../hub/index.js'
import { type WeightOptions, weightCandidates } from './checkpoint/candidates.js'
import { dictFile, modelFile, sentencePieceFile } from './checkpoint/fairseq/names.js'
import { readShardIndex } from './checkpoint/shard-index.js'
import type { TokenizerFamily } from './tokenization/family.js'

type Has = Parameters<WantedFiles>[0]

/** Those of the names that there are. */
export async function present(names: readonly string[], has: Has): Promise<string[]> {
  const found = await Promise.all(names.map(has))
  return names.filter((_, i) => found[i])
}

/** A model of fairseq, which stands for its configuration too; none: there is no such model. */
async function wantedFairseq(has: Has): Promise<string[]> {
  const files = await present([modelFile, dictFile], has)
  return files.length < 2 ? [] : [...files, ...(await present([sentencePieceFile], has))]
}

export const wantedConfig: WantedFiles = async (has) => {
  const fairseq = (await has('config.json')) ? [] : await wantedFairseq(has)
  return fairseq.length > 0 ? fairseq : ['config.json']
}

/** The first form of weights that there is; with an index its shards; fairseq's last. */
export const wantedWeights =
  (options: WeightOptions = {}): WantedFiles =>
  async (has, folder) => {
    const candidates = weightCandidates(options)
    for (const { name, index } of candidates) {
      if (!(await has(name))) continue
      const path = join(folder, name)
      if (!index || !existsSync(path)) return [name]
      return [name, ...readShardIndex(await readFile(path, 'utf8'), path).keys()]
    }
    const fairseq = await wantedFairseq(has)
    return fairseq.length > 0 ? fairseq : candidates.map(({ name }) => name)
  }

export const wantedGenerationConfig: WantedFiles = (has) => present(['generation_config.json'], has)

/** @param withConfig whether `config.json` is wanted, too */
export const wantedModel = (options: WeightOptions, withConfig = true): WantedFiles =>
  together(...(withConfig ? [wantedConfig] : []), wantedWeights(options), wantedGenerationConfig)

const tokenizerSettings = ['tokenizer_config.json', 'special_tokens_map.json', 'added_tokens.json']
/** Of RoBERTa, BERT, BERTweet, XLM-R and CamemBERT. */
const vocabularies = ['vocab.json', 'merges.txt', 'vocab.txt', 'bpe.codes', 'sentencepiece.bpe.model']

/** What a family's tokenizer is read from. */
export const wantedTokenizer =
  ({ vocabularyFiles, openSlow }: Pick<TokenizerFamily, 'vocabularyFiles' | 'openSlow'>): WantedFiles =>
  async (has) => {
    if (openSlow)
      return [...vocabularyFiles, ...(await present(['tokenizer.json', ...tokenizerSettings], has))]
    const whole = vocabularyFiles.length === 0 || (await has('tokenizer.json'))
    // A SentencePiece model is saved again with the tokenizer, even where it is not read.
    const copied = vocabularyFiles.filter((name) => name.endsWith('.model'))
    const vocabulary = whole ? ['tokenizer.json', ...(await present(copied, has))] : vocabularyFiles
    return [...vocabulary, ...(await present(tokenizerSettings, has))]
  }

/** What there is of a tokenizer, whatever its kind. */
export const wantedAnyTokenizer: WantedFiles = (has) =>
  present(['tokenizer.json', ...vocabularies, ...tokenizerSettings], has)
