import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { fixtures } from '../../roberta/reference.js'
import { CaseRunner, pipelineCases } from './cases.js'
import { saveModels } from './models.js'
import { firstDifference } from './nearly.js'

// Made by scripts/golden/pipelines.ts.
const golden = JSON.parse(readFileSync(join(fixtures, 'pipelines', 'golden.json'), 'utf8'))

let folder: string
let runner: CaseRunner

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'robertorch-pipelines-'))
  runner = new CaseRunner(await saveModels(folder))
})

afterAll(async () => {
  runner.dispose()
  await rm(folder, { recursive: true })
})

it('has an answer to every case', () => {
  expect(Object.keys(golden)).toEqual(pipelineCases.map(({ name }) => name))
})

it.each(pipelineCases)('answers as Python: $name', async (one) => {
  expect(firstDifference(await runner.answer(one), golden[one.name])).toBeNull()
})
