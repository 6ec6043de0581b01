/** Tokens that Python generated, and the models that it used. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { type GenerateOptions, torch } from '../../../../lib/index.js'
import type { ForCausalLM } from '../../../../lib/transformers/modeling/causal-lm.js'
import type { EncoderConfig } from '../../../../lib/transformers/modeling/encoder-configuration.js'
import { fixtures, tinyModels } from '../../roberta/reference.js'

export interface GoldenCase {
  /** `roberta/causal-lm` */
  model: string
  name: string
  seed: number
  options: Record<string, unknown>
  sequences: number[][]
}

const golden = JSON.parse(readFileSync(join(fixtures, 'generation', 'golden.json'), 'utf8'))

/** Those of the models that are here: RoBERTa's lies in the repository, the others' beside it. */
export const goldenCases = (golden.cases as GoldenCase[]).filter(({ model }) =>
  tinyModels.some(({ name }) => name === model),
)

/** Whether samples of this machine are those of the machine that made the file: other CPUs draw otherwise. */
export function drawsAlike(): boolean {
  torch.manual_seed(0)
  return JSON.stringify(torch.empty([40]).exponential_().tolist()) === JSON.stringify(golden.draws)
}

export const tensors = ['input_ids', 'attention_mask', 'token_type_ids', 'encoder_attention_mask']

export const optionsOf = ({ options }: Pick<GoldenCase, 'options'>): GenerateOptions =>
  Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name,
      tensors.includes(name) ? torch.tensor(value as number[][]) : value,
    ]),
  )

export type CausalModel = ForCausalLM<EncoderConfig>

export async function loadCausal(name: string): Promise<CausalModel> {
  const found = tinyModels.find((model) => model.name === name)
  if (!found) throw new Error(`there is no model ${name}`)
  return (await found.Class.from_pretrained(found.folder)) as unknown as CausalModel
}
