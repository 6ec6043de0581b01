/** `model.safetensors.index.json`: which file holds which tensor. */

import { CheckpointError } from '../../errors.js'

/** No index of a model is longer; a name and its file take some hundred bytes. */
const lengthLimit = 100_000_000

/** A file name and nothing else: no folder, no way up. */
const plainName = /^[\w][\w.-]*$/

/**
 * The names of the shards, and the tensors that each must have.
 *
 * @throws CheckpointError for what is no index, or names files elsewhere.
 */
export function readShardIndex(text: string, path: string): Map<string, string[]> {
  if (text.length > lengthLimit) throw new CheckpointError(`${path} is longer than ${lengthLimit} characters`)
  let index: unknown
  try {
    index = JSON.parse(text)
  } catch (error) {
    throw new CheckpointError(`${path} is not valid JSON: ${(error as Error).message}`, { cause: error })
  }
  const weightMap = (index as { weight_map?: unknown } | null)?.weight_map
  if (typeof weightMap !== 'object' || weightMap === null || Array.isArray(weightMap)) {
    throw new CheckpointError(`${path} has no weight_map of tensor names and files`)
  }
  const shards = new Map<string, string[]>()
  for (const [tensor, file] of Object.entries(weightMap)) {
    if (typeof file !== 'string' || !plainName.test(file)) {
      throw new CheckpointError(
        `${path}: the file of '${tensor}' is ${JSON.stringify(file)?.slice(0, 200)}, expected a name without a folder`,
        { hint: 'the shards lie beside the index' },
      )
    }
    const tensors = shards.get(file)
    if (tensors) tensors.push(tensor)
    else shards.set(file, [tensor])
  }
  return shards
}
