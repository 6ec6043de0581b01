/** The weights of a folder, or of a single file, by their names in the file. */

import { existsSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { CheckpointError } from '../../errors.js'
import type { Tensor } from '../../torch/tensor.js'
import { requireFolder } from '../folder.js'
import { type WeightOptions, weightCandidates } from './candidates.js'
import { isFairseqFolder, openFairseqWeights } from './fairseq/index.js'
import { readShardIndex } from './shard-index.js'
import { openStateDict, type Weights } from './state-dict.js'

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() === true

/**
 * Opens weights without reading them: the tensors are views of private mappings. A folder has them in
 * `model.safetensors`, shards with `model.safetensors.index.json`, `pytorch_model.bin`, or shards of that, looked for in
 * this order; fairseq's `model.pt` with `dict.txt` is converted. A path of a file names one of these forms, or an index.
 *
 * @throws CheckpointError when there are none, or a file breaks a rule of its form, UnsafeFileError for a file that holds
 *   more than data.
 */
export async function openWeights(source: string, options: WeightOptions = {}): Promise<Weights> {
  requireFolder(source)
  if (isFile(source)) return openOne(source)
  const found = weightCandidates(options).find(({ name }) => existsSync(join(source, name)))
  if (found) return openOne(join(source, found.name))
  if (isFairseqFolder(source)) return openFairseqWeights(source)
  const names = weightCandidates(options).map(({ name }) => name)
  throw new CheckpointError(`${source} has none of ${names.join(', ')}`, { hint: otherForm(source) })
}

function otherForm(folder: string): string {
  if (weightCandidates().some(({ name }) => existsSync(join(folder, name)))) {
    return 'it has weights of another form: leave out use_safetensors and variant'
  }
  if (existsSync(join(folder, 'tf_model.h5')) || existsSync(join(folder, 'flax_model.msgpack'))) {
    return 'it has weights of TensorFlow or Flax: save the model with PyTorch in Python first'
  }
  return 'save_pretrained, here or in Python, writes them'
}

const openOne = (path: string): Promise<Weights> =>
  path.endsWith('.json') ? openShards(path) : openStateDict(path)

async function openShards(indexPath: string): Promise<Weights> {
  const shards = readShardIndex(await readFile(indexPath, 'utf8'), indexPath)
  const all = new Map<string, Tensor>()
  for (const [file, expected] of shards) {
    const path = join(dirname(indexPath), file)
    if (!existsSync(path)) {
      throw new CheckpointError(`${indexPath} names the file ${file}, which is not beside it`, {
        hint: 'download the missing shard',
      })
    }
    const tensors = await openStateDict(path)
    for (const [name, tensor] of tensors) {
      if (all.has(name)) throw new CheckpointError(`${path} has the tensor '${name}', as another shard does`)
      all.set(name, tensor)
    }
    const missing = expected.filter((name) => !tensors.has(name))
    if (missing.length > 0) {
      throw new CheckpointError(
        `${path} lacks tensors that ${indexPath} promises: ${missing.slice(0, 5).join(', ')}`,
      )
    }
  }
  return all
}
