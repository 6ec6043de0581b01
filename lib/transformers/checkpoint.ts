/** Weights of a folder against the parameters of a model: which fit under which name, which are missing or left over. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { CheckpointError } from '../errors.js'
import { native } from '../torch/native.js'
import type { Tensor } from '../torch/tensor.js'
import { requireFolder } from './folder.js'

/** What loading found; transformers calls it `loading_info`. */
export interface LoadingInfo {
  /** Parameters that the file does not have: they were drawn anew. */
  missing_keys: string[]
  /** Tensors of the file that the model has no place for. */
  unexpected_keys: string[]
  /** Parameters of another shape in the file: they were drawn anew. */
  mismatched_keys: { key: string; file: number[]; model: number[] }[]
}

/** How a model's parameter names relate to those of checkpoints. */
export interface KeyRules {
  /** Name of the inner model in headed classes, `roberta`. */
  base_model_prefix: string
  /** Keys that are not stored because another holds the same tensor, and buffers of old versions. */
  ignored: readonly RegExp[]
}

const weightsFile = 'model.safetensors'

/**
 * Opens a folder's weights without reading them: the tensors are views of a private mapping.
 *
 * @throws CheckpointError when there are none, or the file breaks a rule of the format.
 */
export async function openWeights(folder: string): Promise<Map<string, Tensor>> {
  requireFolder(folder)
  const path = join(folder, weightsFile)
  if (!existsSync(path)) {
    const pickled = existsSync(join(folder, 'pytorch_model.bin'))
    throw new CheckpointError(`${folder} has no ${weightsFile}`, {
      hint: pickled
        ? 'pytorch_model.bin is not read yet: in Python, model.save_pretrained(folder) writes safetensors'
        : 'save_pretrained, here or in Python, writes it',
    })
  }
  const { tensors } = await native.loadSafetensors(path)
  return new Map(tensors)
}

/** Names of old TensorFlow checkpoints. */
const modernName = (key: string) => key.replace(/\.gamma$/, '.weight').replace(/\.beta$/, '.bias')

/**
 * Assigns the file's tensors to the parameters (zero copy where the dtype is the same) and says what did not fit.
 *
 * @throws CheckpointError for a parameter of another shape, unless `ignore_mismatched_sizes`.
 */
export function assignWeights(
  parameters: readonly [string, Tensor][],
  weights: ReadonlyMap<string, Tensor>,
  rules: KeyRules,
  options: { ignore_mismatched_sizes?: boolean },
): LoadingInfo {
  const info: LoadingInfo = { missing_keys: [], unexpected_keys: [], mismatched_keys: [] }
  const file = new Map([...weights].map(([key, tensor]) => [modernName(key), { key, tensor }]))
  const prefix = `${rules.base_model_prefix}.`
  const headed = parameters.some(([name]) => name.startsWith(prefix))
  const used = new Set<string>()
  for (const [name, parameter] of parameters) {
    // A base checkpoint under a headed class, or the other way round, differs in the prefix only.
    const other = headed ? name.replace(prefix, '') : prefix + name
    const found = file.get(name) ?? file.get(other)
    if (!found) {
      info.missing_keys.push(name)
      continue
    }
    used.add(found.key)
    if (String(found.tensor.shape) !== String(parameter.shape)) {
      info.mismatched_keys.push({ key: name, file: found.tensor.shape, model: parameter.shape })
      continue
    }
    parameter.data = found.tensor.to(parameter.dtype)
  }
  info.unexpected_keys = [...weights.keys()].filter(
    (key) => !used.has(key) && !rules.ignored.some((r) => r.test(key)),
  )
  if (info.mismatched_keys.length > 0 && !options.ignore_mismatched_sizes) {
    const lines = info.mismatched_keys.map(
      ({ key, file, model }) => `\n  ${key}: (${file}) in the file, (${model}) in the model`,
    )
    throw new CheckpointError(`the weights do not fit the model's configuration:${lines.join('')}`, {
      hint: 'pass ignore_mismatched_sizes: true to draw these anew',
    })
  }
  return info
}

/** The report that Transformers prints, as one text; empty when everything fitted. */
export function describeLoading(info: LoadingInfo, className: string, folder: string): string {
  const fresh = [...info.missing_keys, ...info.mismatched_keys.map(({ key }) => key)]
  const lines: string[] = []
  if (info.unexpected_keys.length > 0) {
    lines.push(`weights of ${folder} that ${className} has no use for: ${info.unexpected_keys.join(', ')}`)
  }
  if (fresh.length > 0) {
    lines.push(`weights of ${className} that ${folder} does not have, newly drawn: ${fresh.join(', ')}`)
    lines.push('train the model on your task before you use it for predictions')
  }
  return lines.join('\n')
}

/** Writes a model's weights in the form that Python opens. */
export function saveWeights(folder: string, parameters: readonly [string, Tensor][]): Promise<void> {
  return native.saveSafetensors(join(folder, weightsFile), [...parameters], { format: 'pt' })
}
