/** A model's weights in the form that Python opens. */

import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { writeAtomically } from '../../atomic-write.js'
import { CheckpointError } from '../../errors.js'
import { native } from '../../torch/native.js'
import { save } from '../../torch/serialization/torch-file/save.js'
import type { Tensor } from '../../torch/tensor.js'
import { weightCandidates } from './candidates.js'
import { parseShardSize, type ShardSize, splitIntoShards } from './split.js'

export interface SaveOptions {
  /** Above this size the weights are split into several files with an index; default '5GB', as in Transformers 4.57. */
  max_shard_size?: ShardSize
  /** Default true: safetensors; false: `pytorch_model.bin`, which Python's torch.load opens. */
  safe_serialization?: boolean
  /** Part of the names, `model.fp16.safetensors` for 'fp16'. */
  variant?: string
}

/**
 * Writes the weights into a folder: each file under a temporary name first, flushed and renamed; then the index; then the
 * files of an earlier save that would stand in the way are removed.
 *
 * @throws ArgumentError for a size that is none, CheckpointError when a file cannot be written.
 */
export async function saveWeights(
  folder: string,
  parameters: readonly [string, Tensor][],
  options: SaveOptions = {},
): Promise<void> {
  const { max_shard_size = '5GB', safe_serialization = true, variant } = options
  const shards = splitIntoShards(parameters, parseShardSize(max_shard_size))
  const names = weightCandidates({ use_safetensors: safe_serialization, variant }).map(({ name }) => name)
  const [single, index] = names as [string, string]
  const fileOf = (i: number) => (shards.length > 1 ? shardName(single, i, shards.length) : single)
  const write = safe_serialization ? writeSafetensors : writePickle
  // An empty model still has its file.
  for (const [i, shard] of (shards.length === 0 ? [[]] : shards).entries())
    await write(join(folder, fileOf(i)), shard)
  if (shards.length > 1) await writeIndex(join(folder, index), shards, fileOf)
  const kept = new Set(shards.length > 1 ? [index, ...shards.map((_, i) => fileOf(i))] : [single])
  await removeStale(folder, single, index, kept)
}

/** model-00001-of-00003.safetensors */
function shardName(single: string, i: number, count: number): string {
  const dot = single.lastIndexOf('.')
  const [number, of] = [i + 1, count].map((value) => String(value).padStart(5, '0'))
  return `${single.slice(0, dot)}-${number}-of-${of}${single.slice(dot)}`
}

const writeSafetensors = (path: string, tensors: [string, Tensor][]) =>
  native.saveSafetensors(path, tensors, { format: 'pt' })

const writePickle = (path: string, tensors: [string, Tensor][]) =>
  save(new Map(tensors.map(([name, tensor]) => [name, alone(tensor)])), path)

/** A view would bring its whole storage into the file. */
function alone(tensor: Tensor): Tensor {
  const values = tensor.detach().cpu().contiguous()
  return native.wholeStorage(values).numel() === values.numel() * values.dtype.itemsize
    ? values
    : values.clone()
}

async function writeIndex(
  path: string,
  shards: readonly [string, Tensor][][],
  fileOf: (i: number) => string,
): Promise<void> {
  const all = shards.flat().map(([, tensor]) => tensor)
  const metadata = {
    total_parameters: all.reduce((sum, tensor) => sum + tensor.numel(), 0),
    total_size: all.reduce((sum, tensor) => sum + tensor.numel() * tensor.dtype.itemsize, 0),
  }
  const entries = shards.flatMap((shard, i) => shard.map(([name]): [string, string] => [name, fileOf(i)]))
  entries.sort(([a], [b]) => (a < b ? -1 : 1))
  const text = `${JSON.stringify({ metadata, weight_map: Object.fromEntries(entries) }, null, 2)}\n`
  try {
    await writeAtomically(path, (temporary) => writeFile(temporary, text))
  } catch (error) {
    throw new CheckpointError(`${path} cannot be written: ${(error as Error).message}`, { cause: error })
  }
}

/** Files of an earlier save under the same name: shards, and the single file or the index that would be found first. */
async function removeStale(
  folder: string,
  single: string,
  index: string,
  kept: ReadonlySet<string>,
): Promise<void> {
  const dot = single.lastIndexOf('.')
  const [stem, ending] = [single.slice(0, dot), single.slice(dot)]
  for (const name of await readdir(folder)) {
    const middle =
      name.startsWith(stem) && name.endsWith(ending) ? name.slice(stem.length, -ending.length) : ''
    const ours = name === single || name === index || /^-\d{5}-of-\d{5}$/.test(middle)
    if (ours && !kept.has(name)) await rm(join(folder, name), { force: true })
  }
}
