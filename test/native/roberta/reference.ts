/** Reads the models with random weights, one of every family and head, and the reference outputs beside them. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import * as robertorch from '../../../lib/index.js'
import { native } from '../../../lib/torch/native.js'
import type { Tensor } from '../../../lib/torch/tensor.js'
import type { AnyPreTrainedModel, ModelClass } from '../../../lib/transformers/modeling/pretrained-model.js'

export const fixtures = fileURLToPath(new URL('../../fixtures', import.meta.url))
export const attentionImplementations = ['eager', 'sdpa'] as const

/** Outputs by name, whatever the head. */
export type AnyOutput = Partial<
  Omit<
    robertorch.BaseModelOutput & robertorch.CausalLMOutput & robertorch.QuestionAnsweringModelOutput,
    0 | 1
  >
>

/** A model's outputs as what any head may give. */
export const run = (model: AnyPreTrainedModel, inputs: object): AnyOutput =>
  (model as unknown as (inputs: object) => AnyOutput)(inputs)

export interface TinyModel {
  /** `roberta/masked-lm`: family and head. */
  name: string
  folder: string
  Class: ModelClass & Pick<typeof robertorch.PreTrainedModel, 'from_pretrained'>
}

/** The class that `config.json` names. */
function classOf(folder: string): TinyModel['Class'] {
  const { architectures } = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'))
  const classes: Record<string, unknown> = robertorch
  return classes[architectures[0]] as TinyModel['Class']
}

// RoBERTa's lie in the repository, the other families' beside it.
const beside = fileURLToPath(new URL('../../../../shared/data/tiny-random', import.meta.url))
const tinyRoot = existsSync(beside) ? beside : join(fixtures, 'tiny-random')
const foldersIn = (path: string) =>
  readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory())

export const tinyModels: readonly TinyModel[] = foldersIn(tinyRoot).flatMap((family) =>
  foldersIn(join(tinyRoot, family.name)).map((head) => {
    const folder = join(tinyRoot, family.name, head.name)
    return { name: `${family.name}/${head.name}`, folder, Class: classOf(folder) }
  }),
)

/** One batch and what Python gave for it. */
export interface ReferenceCase {
  name: string
  inputs: Record<string, Tensor>
  /** `logits`, `loss`, `grad_norms`, `grad.PARAMETER`, … */
  expected: ReadonlyMap<string, Tensor>
  /** Replaces the configuration's, when it is there. */
  problem_type?: robertorch.RobertaConfig['problem_type']
  /** Parameters whose gradient is 0 but for rounding. */
  zero_gradients: readonly string[]
}

export interface Reference {
  /** Names in the order of `grad_norms`. */
  parameters: readonly string[]
  cases: readonly ReferenceCase[]
}

const inputNames = [
  'input_ids',
  'attention_mask',
  'token_type_ids',
  'position_ids',
  'inputs_embeds',
  'labels',
  'start_positions',
  'end_positions',
]

/** All cases of one folder's `reference.safetensors`. */
export async function readReference(folder: string): Promise<Reference> {
  const { tensors, metadata } = await native.loadSafetensors(join(folder, 'reference.safetensors'))
  const described = JSON.parse(metadata.cases as string) as Record<string, Partial<ReferenceCase>>
  const cases = Object.entries(described).map(([name, { problem_type, zero_gradients = [] }]) => {
    const own = new Map(
      tensors
        .filter(([key]) => key.startsWith(`${name}.`))
        .map(([key, tensor]) => [key.slice(name.length + 1), tensor]),
    )
    const inputs = Object.fromEntries([...own].filter(([key]) => inputNames.includes(key)))
    const expected = new Map([...own].filter(([key]) => !inputNames.includes(key)))
    return { name, inputs, expected, problem_type, zero_gradients }
  })
  return { parameters: JSON.parse(metadata.parameters as string), cases }
}
