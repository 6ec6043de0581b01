/** Reads the reference outputs that lie beside the models of test/fixtures/tiny-random. */

import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { BaseModelOutput, LabelledInputs, MaskedLMOutput, RobertaConfig } from '../../../lib/index.js'
import { RobertaForMaskedLM, RobertaForSequenceClassification, RobertaModel } from '../../../lib/index.js'
import { native } from '../../../lib/torch/native.js'
import type { Tensor } from '../../../lib/torch/tensor.js'

export const fixtures = fileURLToPath(new URL('../../fixtures', import.meta.url))
export const attentionImplementations = ['eager', 'sdpa'] as const

export type AnyModel = RobertaModel | RobertaForMaskedLM | RobertaForSequenceClassification
/** Outputs by name, whatever the head. */
export type AnyOutput = Partial<Omit<BaseModelOutput & MaskedLMOutput, 0 | 1>>

/** A model's outputs as what any head may give. */
export const run = (model: AnyModel, inputs: LabelledInputs): AnyOutput => model(inputs)

/** Class by folder of test/fixtures/tiny-random/roberta. */
export const tinyModels = {
  model: RobertaModel,
  'masked-lm': RobertaForMaskedLM,
  'masked-lm-untied': RobertaForMaskedLM,
  'sequence-classification-1': RobertaForSequenceClassification,
  'sequence-classification-2': RobertaForSequenceClassification,
  'sequence-classification-3': RobertaForSequenceClassification,
} as const

export const tinyFolder = (name: string) => join(fixtures, 'tiny-random', 'roberta', name)

/** One batch and what Python gave for it. */
export interface ReferenceCase {
  name: string
  inputs: Record<string, Tensor>
  /** `logits`, `loss`, `grad_norms`, `grad.PARAMETER`, … */
  expected: ReadonlyMap<string, Tensor>
  /** Replaces the configuration's, when it is there. */
  problem_type?: RobertaConfig['problem_type']
  /** Parameters whose gradient is 0 but for rounding. */
  zero_gradients: readonly string[]
}

export interface Reference {
  /** Names in the order of `grad_norms`. */
  parameters: readonly string[]
  cases: readonly ReferenceCase[]
}

const inputNames = ['input_ids', 'attention_mask', 'position_ids', 'inputs_embeds', 'labels']

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
