/** A folder of fairseq as one of transformers: weights, configuration and, where its files are there, the tokenizer. */

import { existsSync } from 'node:fs'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { writeAtomically } from '../../../atomic-write.js'
import { CheckpointError } from '../../../errors.js'
import { makeFolder } from '../../folder.js'
import { type SaveOptions, saveWeights } from '../save.js'
import { fairseqConfig } from './config.js'
import { isFairseqFolder } from './files.js'
import { dictFile, modelFile, sentencePieceFile } from './names.js'
import { vocabularyOf } from './vocabulary.js'
import { openFairseqWeights } from './weights.js'

export interface ConvertOptions extends SaveOptions {
  /** The classification head that becomes `classifier`; default the only one. */
  head?: string
}

export interface Converted {
  /** Name of the class that fits. */
  architecture: string
  /** Names of the files written. */
  files: string[]
  /** Names of weights that transformers' model has no place for; they were left out. */
  leftOut: string[]
}

/**
 * Writes the folder `to` from fairseq's `from`: `model.safetensors` and `config.json`; from `encoder.json` and
 * `vocab.bpe`, where they lie beside `dict.txt`, `vocab.json` and `merges.txt`. With a classification head the model is a
 * RobertaForSequenceClassification, otherwise a RobertaForMaskedLM.
 *
 * @throws CheckpointError for a folder that is none of fairseq's, or a model that transformers' RoBERTa cannot hold.
 */
export async function convertFairseq(
  from: string,
  to: string,
  options: ConvertOptions = {},
): Promise<Converted> {
  const { head, ...saving } = options
  if (!isFairseqFolder(from)) {
    throw new CheckpointError(`${from} has no ${modelFile} and ${dictFile}`, {
      hint: 'name the folder that fairseq’s archive was unpacked to',
    })
  }
  const fields = await fairseqConfig(from, head)
  const weights = await openFairseqWeights(from, head)
  const isClassifier = weights.has('classifier.out_proj.weight')
  const prefix = fields.model_type === 'xlm-roberta' ? 'XLMRoberta' : 'Roberta'
  const architecture = `${prefix}For${isClassifier ? 'SequenceClassification' : 'MaskedLM'}`
  const belongs = isClassifier ? /^(roberta|classifier)\./ : /^(roberta|lm_head)\./
  const kept = [...weights].filter(([name]) => belongs.test(name))
  await makeFolder(to)
  await saveWeights(to, kept, saving)
  const texts = {
    'config.json': json({ architectures: [architecture], ...fields }),
    ...(await tokenizerFiles(from)),
  }
  for (const [name, text] of Object.entries(texts)) {
    await writeAtomically(join(to, name), (temporary) => writeFile(temporary, text))
  }
  const copied = existsSync(join(from, sentencePieceFile)) ? [sentencePieceFile] : []
  for (const name of copied) {
    await writeAtomically(join(to, name), (temporary) => copyFile(join(from, name), temporary))
  }
  const leftOut = [...weights.keys()].filter((name) => !belongs.test(name))
  return { architecture, files: [...Object.keys(texts), ...copied], leftOut }
}

const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`

async function tokenizerFiles(from: string): Promise<Record<string, string>> {
  const [encoder, merges] = [join(from, 'encoder.json'), join(from, 'vocab.bpe')]
  if (!existsSync(encoder) || !existsSync(merges)) return {}
  const dictionary = join(from, dictFile)
  const [dict, tokens, rules] = await Promise.all(
    [dictionary, encoder, merges].map((path) => readFile(path, 'utf8')),
  )
  const vocabulary = vocabularyOf(dict as string, tokens as string, dictionary)
  return { 'vocab.json': JSON.stringify(vocabulary), 'merges.txt': rules as string }
}
