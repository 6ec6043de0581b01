/** Checkpoints that Python wrote, and what the model gives. */

import { copyFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect } from 'vitest'

import { type LoadingInfo, RobertaForMaskedLM, safetensors, type Tensor } from '../../../../lib/index.js'
import { temporaryFolder } from '../../io/safetensors-file.js'
import { expectClose } from '../../roberta/close.js'
import { fixtures } from '../../roberta/reference.js'

export const checkpoints = join(fixtures, 'checkpoints')
export const roberta = join(checkpoints, 'roberta')

/** A folder with Python's configuration, and one of its files under the name of a whole model. */
export function folderOf(file: string, as = 'pytorch_model.bin'): string {
  const folder = temporaryFolder()
  copyFileSync(join(roberta, 'config.json'), join(folder, 'config.json'))
  copyFileSync(join(roberta, file), join(folder, as))
  return folder
}

interface Predicting {
  (inputs: { input_ids: Tensor; attention_mask: Tensor }): { logits: Tensor }
}

/** Expects the logits that Python has in the folder's reference. */
export async function expectPythonsLogits(
  model: Predicting,
  folder = roberta,
  tolerance = 1e-5,
): Promise<void> {
  const { input_ids, logits } = await safetensors.load_file(join(folder, 'reference.safetensors'))
  const ids = input_ids as Tensor
  const outputs = model({ input_ids: ids, attention_mask: ids.ne(1).to('int64') })
  expect(outputs.logits.shape).toEqual(logits?.shape)
  expectClose(outputs.logits.to('float32'), logits as Tensor, tolerance, 'logits')
}

/** Loads, and keeps the report. */
export async function loadReported(
  source: string,
  options: Parameters<typeof RobertaForMaskedLM.from_pretrained>[1] = {},
): Promise<{ model: RobertaForMaskedLM; info: LoadingInfo }> {
  const reports: LoadingInfo[] = []
  const model = await RobertaForMaskedLM.from_pretrained(source, {
    ...options,
    onReport: (info) => reports.push(info),
  })
  return { model, info: reports[0] as LoadingInfo }
}

/** A parameter of a model, whose layers are no modules of JavaScript. */
export function parameterOf(model: { named_parameters(): [string, Tensor][] }, name: string): Tensor {
  const found = new Map(model.named_parameters()).get(name)
  if (found === undefined) throw new Error(`the model has no parameter ${name}`)
  return found
}

export const nothing: LoadingInfo = { missing_keys: [], unexpected_keys: [], mismatched_keys: [] }
