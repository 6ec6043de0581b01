// One process of the operator database's replay: `worker.ts FOLDER FILE…`. A line of JSON before each file
// ({ begin }) and one after it (an Outcome), so that a crash shows which file it was.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'

import { torch } from '../../../lib/index.js'
import { native } from '../../../lib/torch/native.js'
import { Decoder } from './decode.js'
import type { Entry, Outcome } from './format.js'
import { replay } from './replay.js'

const [folder, ...files] = process.argv.slice(2) as [string, ...string[]]
const report = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`)

torch.set_num_threads(1)
for (const file of files) {
  report({ begin: file })
  const entry: Entry = JSON.parse(await readFile(join(folder, `${file}.json`), 'utf8'))
  const { tensors } = await native.loadSafetensors(join(folder, `${file}.safetensors`))
  const decoder = new Decoder(new Map(tensors))
  const { name, variant, samples, excluded } = entry
  const outcome: Outcome = { file, name, variant, passed: 0, total: samples.length, excluded, failures: {} }
  for (const sample of samples) {
    const reason = torch.scope(() => {
      try {
        return replay(sample, decoder)
      } catch (error) {
        return `the harness failed: ${error}`
      }
    })
    if (reason === null) outcome.passed++
    else outcome.failures[reason] = (outcome.failures[reason] ?? 0) + 1
  }
  report(outcome)
}
