// What is published is bundled: files that are opened by name, names of classes and the package's own folder must survive it.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'

import { afterAll, expect, it } from 'vitest'

import { packageRoot } from '../../lib/native/paths.js'

const folder = mkdtempSync(join(tmpdir(), 'robertorch-package-'))
afterAll(() => rmSync(folder, { recursive: true }))

const built = (path: string) => join(packageRoot, 'dist', path)

function node(args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  return stdout
}

/** Runs a program against `dist`, which `npm run build` makes. */
function run(body: string): unknown {
  const file = join(folder, 'user.mjs')
  const entry = JSON.stringify(pathToFileURL(built('index.js')).href)
  writeFileSync(file, `import * as robertorch from ${entry}\nconst { torch } = robertorch\n${body}`)
  return JSON.parse(node([file]))
}

it('trains a tokenizer on a thread of its own', () => {
  const vocabulary = run(`
    const texts = ['low lower lowest', 'new newer newest']
    const tokenizer = await robertorch.RobertaTokenizer.train_from_iterator(texts, { vocab_size: 265 })
    console.log(JSON.stringify(tokenizer.convert_ids_to_tokens([261, 262, 263, 264])))`)
  expect(vocabulary).toEqual(expect.arrayContaining(['we']))
})

it('names the line of the caller, not one of its own, as the maker of a tensor', () => {
  const line = run(`
    torch.memory.trackAllocations(true)
    const kept = torch.ones([3])
    console.log(JSON.stringify(torch.memory.report().sites[0].line))
    kept.dispose()`)
  expect(line).toMatch(/user\.mjs:\d+:\d+$/)
})

it('keeps the names of classes', () => {
  const [error, printed] = run(`
    const layer = new torch.nn.Sequential(new torch.nn.Linear(2, 3), new torch.nn.LSTM(3, 4))
    let error
    try { torch.ones([2]).add(torch.ones([3])) } catch (caught) { error = caught }
    console.log(JSON.stringify([error.constructor.name, String(layer)]))`) as [string, string]
  expect(error).toBe('ShapeError')
  expect(printed).toContain('(0): Linear(in_features=2')
  expect(printed).toContain('(1): LSTM(3, 4)')
})

it('brings the command', () => {
  expect(node([built('cli/index.js'), 'doctor'])).toContain('robertorch is ready')
})
