/** Which tensors go into which file when a model is saved in shards: huggingface_hub's split_torch_state_dict_into_shards. */

import { ArgumentError } from '../../errors.js'
import type { Tensor } from '../../torch/tensor.js'

const units = { KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 }

/** A number of bytes, or a text such as '5GB' (units of 1000). */
export type ShardSize = number | string

/** @throws ArgumentError for a text without a number and a unit, and for what is not above 0. */
export function parseShardSize(size: ShardSize): number {
  const parts = /^\s*(\d+(?:\.\d+)?)\s*(KB|MB|GB|TB)\s*$/i.exec(String(size))
  const bytes = parts
    ? Math.trunc(Number(parts[1]) * units[parts[2]?.toUpperCase() as keyof typeof units])
    : typeof size === 'number'
      ? size
      : Number.NaN
  if (bytes > 0) return bytes
  throw new ArgumentError(`max_shard_size must be a number of bytes or a text such as '5GB', is '${size}'`)
}

/** In the order of the names; a tensor above the limit gets a shard of its own. */
export function splitIntoShards(
  parameters: readonly [string, Tensor][],
  limit: number,
): [string, Tensor][][] {
  const shards: [string, Tensor][][] = []
  let current: [string, Tensor][] = []
  let size = 0
  for (const entry of parameters) {
    const bytes = entry[1].numel() * entry[1].dtype.itemsize
    if (bytes > limit) {
      shards.push([entry])
      continue
    }
    if (size + bytes > limit) {
      shards.push(current)
      current = []
      size = 0
    }
    current.push(entry)
    size += bytes
  }
  if (current.length > 0) shards.push(current)
  return shards
}
