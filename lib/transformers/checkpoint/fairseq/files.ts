/** What fairseq leaves in a folder: `model.pt`, and `dict.txt` with the vocabulary's BPE ids. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { CheckpointError } from '../../../errors.js'
import type { Loaded } from '../../../torch/serialization/pickle/plain.js'
import { load } from '../../../torch/serialization/torch-file/load.js'
import { stateDictOf, type Weights } from '../state-dict.js'
import { dictFile, modelFile } from './names.js'

export const isFairseqFolder = (folder: string): boolean =>
  existsSync(join(folder, modelFile)) && existsSync(join(folder, dictFile))

export interface FairseqCheckpoint {
  path: string
  /** What the model was built with: `args` (a Namespace) of old versions, `cfg.model` of new ones. */
  args: Readonly<Record<string, unknown>>
  weights: Weights
}

const isRecord = (value: unknown): value is Record<string, Loaded> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

/** @param shapesOnly reads no numbers: the tensors are on the device `meta` */
export async function openFairseq(folder: string, shapesOnly: boolean): Promise<FairseqCheckpoint> {
  const path = join(folder, modelFile)
  const loaded = await load(path, { map_location: shapesOnly ? 'meta' : 'cpu' })
  if (!isRecord(loaded) || !isRecord(loaded.model)) {
    throw new CheckpointError(`${path} is no checkpoint of fairseq: it has no state dict under 'model'`)
  }
  const { args, cfg, model } = loaded
  const config = isRecord(cfg) && isRecord(cfg.model) ? cfg.model : args
  return { path, args: isRecord(config) ? config : {}, weights: stateDictOf(model, path) }
}
