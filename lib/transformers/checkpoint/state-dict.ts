/** The tensors of one weights file by name, whatever its form. */

import { CheckpointError } from '../../errors.js'
import { native } from '../../torch/native.js'
import type { Loaded } from '../../torch/serialization/pickle/plain.js'
import { load } from '../../torch/serialization/torch-file/load.js'
import type { Tensor } from '../../torch/tensor.js'

export type Weights = ReadonlyMap<string, Tensor>

/** Under which training scripts keep the weights beside the rest. */
const wrappers = ['state_dict', 'model_state_dict', 'model']

/**
 * Opens `.safetensors`, or what `torch.save` wrote, without reading it: the tensors are views of a private mapping.
 *
 * @throws CheckpointError for a damaged file and one that holds no tensors, UnsafeFileError for one that is more than data.
 */
export async function openStateDict(path: string): Promise<Weights> {
  if (path.endsWith('.safetensors')) return new Map((await native.loadSafetensors(path)).tensors)
  return stateDictOf(await load(path, { map_location: 'cpu' }), path)
}

/** The tensors of a loaded object. */
export function stateDictOf(value: Loaded, path: string): Weights {
  const fields = fieldsOf(value)
  const tensors = fields?.filter((field): field is [string, Tensor] => native.isTensor(field[1]))
  if (tensors && tensors.length > 0) return new Map(tensors)
  const inner = fields?.find(([name]) => wrappers.includes(name))
  if (inner && fieldsOf(inner[1])) return stateDictOf(inner[1], path)
  throw new CheckpointError(`${path} holds no tensors by name`, {
    hint: "in Python, torch.save(model.state_dict(), 'pytorch_model.bin') writes them",
  })
}

function fieldsOf(value: Loaded): [string, Loaded][] | undefined {
  if (value instanceof Map) return [...value].map(([key, item]) => [String(key), item])
  const plain =
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  return plain ? Object.entries(value as { [key: string]: Loaded }) : undefined
}
