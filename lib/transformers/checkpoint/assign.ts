/** Weights of a file against the parameters of a model: which fit under which name, which are missing or left over. */

import { CheckpointError } from '../../errors.js'
import type { DType } from '../../torch/dtype.js'
import { native } from '../../torch/native.js'
import type { Tensor } from '../../torch/tensor.js'
import { modernNames, otherNames } from './key-names.js'
import type { Weights } from './state-dict.js'

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

export interface AssignOptions {
  /** Draw parameters anew whose shape differs, instead of refusing. */
  ignore_mismatched_sizes?: boolean
  /** Dtype of the parameters that the file has; default the parameters' own. */
  dtype?: DType
}

/**
 * Assigns the file's tensors to the parameters (zero copy where the dtype is the same) and says what did not fit.
 *
 * @throws CheckpointError for a parameter of another shape, unless `ignore_mismatched_sizes`.
 */
export function assignWeights(
  parameters: readonly [string, Tensor][],
  weights: Weights,
  rules: KeyRules,
  options: AssignOptions,
): LoadingInfo {
  const info: LoadingInfo = { missing_keys: [], unexpected_keys: [], mismatched_keys: [] }
  const prefix = `${rules.base_model_prefix}.`
  const headed = parameters.some(([name]) => name.startsWith(prefix))
  const fileNames = modernNames([...weights.keys()], rules.base_model_prefix)
  const used = new Set<string>()
  for (const [name, parameter] of parameters) {
    const key = keysOf(name, prefix, headed)
      .map((candidate) => fileNames.get(candidate))
      .find((found) => found !== undefined)
    const tensor = key === undefined ? undefined : weights.get(key)
    if (key === undefined || tensor === undefined) {
      info.missing_keys.push(name)
      continue
    }
    used.add(key)
    if (String(tensor.shape) !== String(parameter.shape)) {
      info.mismatched_keys.push({ key: name, file: tensor.shape, model: parameter.shape })
      continue
    }
    parameter.data = converted(tensor, options.dtype ?? parameter.dtype)
  }
  info.unexpected_keys = [...fileNames]
    .filter(([name, key]) => !used.has(key) && !rules.ignored.some((rule) => rule.test(name)))
    .map(([, key]) => key)
  if (info.mismatched_keys.length > 0 && !options.ignore_mismatched_sizes) refuse(info.mismatched_keys)
  return info
}

/** The tensor itself, or a copy of another dtype; then the file's pages are not kept in memory beside it. */
function converted(tensor: Tensor, dtype: DType): Tensor {
  if (tensor.dtype === dtype) return tensor.detach()
  const copy = tensor.detach().to(dtype)
  native.forgetPages(tensor)
  return copy
}

/** The names under which a file may have a parameter, best first. */
function keysOf(name: string, prefix: string, headed: boolean): string[] {
  // A base checkpoint under a headed class, or the other way round, differs in the prefix only.
  const names = [name, headed ? name.replace(prefix, '') : prefix + name]
  const others = otherNames.flatMap(([pattern, to]) =>
    pattern.test(name) ? [name.replace(pattern, to)] : [],
  )
  return [...names, ...others]
}

function refuse(mismatched: LoadingInfo['mismatched_keys']): never {
  const lines = mismatched.map(
    ({ key, file, model }) => `\n  ${key}: (${file}) in the file, (${model}) in the model`,
  )
  throw new CheckpointError(`the weights do not fit the model's configuration:${lines.join('')}`, {
    hint: 'pass ignore_mismatched_sizes: true to draw these anew',
  })
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
