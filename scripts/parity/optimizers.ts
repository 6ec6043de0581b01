/** Every optimizer of torch.optim on small problems, and states taken over in both directions. */

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { native } from '../../lib/torch/native.js'
import type { Tensor } from '../../lib/torch/tensor.js'
import { type Check, Collector } from './check.js'
import {
  advance,
  indices,
  type Lookup,
  makeRun,
  type OptimizerCase,
  toTree,
  withTensors,
} from './optimizer-cases.js'

const golden = fileURLToPath(new URL('../../test/fixtures/optim/optimizers.safetensors', import.meta.url))

/** Lists of tensors round otherwise than loops in Python's, and its line search computes in float32. */
const sameOrder = ({ class: name, options }: OptimizerCase) =>
  !(options.foreach && ['NAdam', 'RAdam', 'Adafactor', 'ASGD'].includes(name)) && !options.line_search_fn

async function readCases(): Promise<{ cases: OptimizerCase[]; lookup: Lookup }> {
  const { tensors, metadata } = await native.loadSafetensors(golden)
  const byName = new Map(tensors)
  const cases = JSON.parse(metadata.cases as string) as OptimizerCase[]
  return { cases: cases.filter(sameOrder), lookup: (key) => byName.get(key) as Tensor }
}

export const optimizers: Check = {
  name: 'optimizers',
  compared: 'parameters after 50 steps of each optimizer, and after taking over the state of the other side',
  async prepare({ folder }) {
    const { cases, lookup } = await readCases()
    await mkdir(join(folder, 'optimizers'), { recursive: true })
    for (const spec of cases) {
      const run = makeRun(spec, lookup, 'in/start')
      advance(spec, lookup, run, 0, spec.half)
      const tensors = run.params.map((param, i): [string, Tensor] => [`params/${i}`, param.detach()])
      const state = toTree(run.optimizer.state_dict(), 'state', tensors)
      const metadata = { case: JSON.stringify({ ...spec, state_dict: state }) }
      await native.saveSafetensors(join(folder, 'optimizers', `${spec.key}.safetensors`), tensors, metadata)
    }
  },
  async ours(_, python) {
    const { cases, lookup } = await readCases()
    const results = new Collector()
    const inputs: Lookup = (key) => (key.startsWith('in/') ? lookup(key) : (python.inputs.get(key) as Tensor))
    for (const spec of cases) {
      const run = makeRun(spec, lookup, 'in/start')
      advance(spec, lookup, run, 0, spec.steps)
      const taken = makeRun(spec, inputs, `${spec.key}/half`)
      const state = python.facts[`${spec.key}/state`] as OptimizerCase['state_dict']
      taken.optimizer.load_state_dict(withTensors(state, inputs) as OptimizerCase['state_dict'])
      results.facts[`${spec.key}/state`] = state
      advance(spec, lookup, taken, spec.half, spec.steps)
      for (const i of indices) {
        results.add(`${spec.key}/whole/${i}`, run.params[i] as Tensor)
        results.add(`${spec.key}/taken/${i}`, taken.params[i] as Tensor)
      }
    }
    return results
  },
}
