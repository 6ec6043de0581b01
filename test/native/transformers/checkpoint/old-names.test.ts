import { copyFileSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import {
  AutoModelForMaskedLM,
  type LoadingInfo,
  safetensors,
  type Tensor,
  torch,
} from '../../../../lib/index.js'
import { packageRoot } from '../../../../lib/native/paths.js'
import { temporaryFolder } from '../../io/safetensors-file.js'
import { fixtures } from '../../roberta/reference.js'
import { nothing } from './folders.js'

// The other families lie beside the repository, where that folder is.
const shared = join(packageRoot, '../shared/data/tiny-random')
const families = existsSync(shared) ? shared : join(fixtures, 'tiny-random')
const load = async (folder: string) => {
  const reports: LoadingInfo[] = []
  const model = await AutoModelForMaskedLM.from_pretrained(folder, { onReport: (info) => reports.push(info) })
  expect(reports).toEqual([nothing])
  return new Map(model.named_parameters())
}

/** As TensorFlow, an early transformers and DataParallel named them. */
function oldName(name: string): string {
  const decoder = name.replace(/^(lm_head|cls\.predictions)\.bias$/, '$1.decoder.bias')
  return `module.${decoder.replace('LayerNorm.weight', 'LayerNorm.gamma').replace('LayerNorm.bias', 'LayerNorm.beta')}`
}

it.each(
  readdirSync(families, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [entry.name] : [],
  ),
)('a %s with the names of old checkpoints is the same model', async (family) => {
  const source = join(families, family, 'masked-lm')
  const tensors = await safetensors.load_file(join(source, 'model.safetensors'))
  const old: Record<string, Tensor> = Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [oldName(name), tensor]),
  )
  expect(Object.keys(old).filter((name) => /gamma$|beta$|decoder\.bias$/.test(name)).length).toBeGreaterThan(
    3,
  )
  const encoder = family === 'bert' ? 'bert' : 'roberta'
  old[`module.${encoder}.embeddings.position_ids`] = torch.arange(40).expand([1, -1])
  const folder = temporaryFolder()
  copyFileSync(join(source, 'config.json'), join(folder, 'config.json'))
  await torch.save(old, join(folder, 'pytorch_model.bin'))
  const [expected, actual] = [await load(source), await load(folder)]
  expect([...actual.keys()]).toEqual([...expected.keys()])
  for (const [name, tensor] of expected)
    expect(torch.equal(actual.get(name) as Tensor, tensor), name).toBe(true)
})
