/** Answers of pipelines: labels, tokens, texts and their order; scores within 1e-5, because batches are padded here. */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { CaseRunner, pipelineCases } from '../../test/native/transformers/pipelines/cases.js'
import { saveModels } from '../../test/native/transformers/pipelines/models.js'
import { firstDifference } from '../../test/native/transformers/pipelines/nearly.js'
import { type Check, Collector, type Context } from './check.js'
import { realCases, realModels } from './pipelines-real.js'
import { realSpanCases, saveRealSpanModels } from './pipelines-real-spans.js'

const casesOf = ({ short }: Context) =>
  short ? pipelineCases : [...pipelineCases, ...realCases, ...realSpanCases]
let folders: Record<string, string> = {}

export const pipelines: Check = {
  name: 'pipelines',
  compared: `${pipelineCases.length} calls of pipelines on small models of three families, more on real ones; scores within 1e-5`,
  async prepare(context) {
    const root = join(context.folder, 'pipelines')
    folders = { ...(await saveModels(root)), ...realModels }
    if (!context.short) Object.assign(folders, await saveRealSpanModels(root))
    await writeFile(
      join(context.folder, 'pipelines.json'),
      JSON.stringify({ folders, cases: casesOf(context) }),
    )
  },
  async ours(context, { facts }) {
    const results = new Collector()
    const runner = new CaseRunner(folders)
    for (const one of casesOf(context)) {
      const answer = await runner.answer(one)
      const difference = firstDifference(answer, facts[one.name])
      results.facts[one.name] = difference ?? facts[one.name]
    }
    runner.dispose()
    return results
  },
}
