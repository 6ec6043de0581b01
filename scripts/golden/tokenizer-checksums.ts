// npx tsx scripts/golden/tokenizer-checksums.ts TEXT
//
// Writes test/fixtures/tokenizer/checksums.json.gz: texts, and checksums of what Python's fast tokenizers of the fixtures
// beside it answer to them; both as in `npm run parity -- --only tokenizers`. TEXT is tinyshakespeare's input.txt.

import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { gzipSync } from 'node:zlib'

import { packageRoot } from '../../lib/native/paths.js'
import { readPython } from '../parity/check.js'
import { batchesOf } from '../parity/tokenizer-cases.js'
import { tokenizersCheck } from '../parity/tokenizers.js'
import { ensurePython } from '../python.js'

const textCount = 2400
const [prose] = process.argv.slice(2)
if (prose === undefined) throw new Error('usage: tokenizer-checksums.ts TEXT')

const python = await ensurePython()
const folder = await mkdtemp(join(tmpdir(), 'robertorch-golden-'))
try {
  const context = { folder, threads: 1, short: true }
  await tokenizersCheck.prepare?.(context)
  const file = join(folder, 'tokenizers.json')
  const spec = JSON.parse(await readFile(file, 'utf8'))
  // What is shipped: no text but the repository's own and the public domain's, no tokenizer but the fixtures.
  spec.corpora = { prose: [resolve(prose)], code: [join(packageRoot, 'lib', 'transformers')] }
  spec.count = textCount
  spec.batches = batchesOf(textCount)
  spec.tokenizers = spec.tokenizers.filter(
    ({ name }: { name: string }) => !/^(roberta-base|MiniLM)$/.test(name),
  )
  await writeFile(file, JSON.stringify(spec))
  const main = join(packageRoot, 'scripts', 'parity', 'main.py')
  const { status } = spawnSync(python, [main, folder, '1', tokenizersCheck.name], { stdio: 'inherit' })
  if (status !== 0) throw new Error(`the Python side failed: exit code ${status}`)
  const { tensors } = await readPython(context, tokenizersCheck.name)
  const texts = JSON.parse(await readFile(join(folder, 'tokenizer-texts.json'), 'utf8'))
  const sums = Object.fromEntries([...tensors].map(([name, tensor]) => [name, tensor.tolist()]))
  const target = join(packageRoot, 'test', 'fixtures', 'tokenizer', 'checksums.json.gz')
  await writeFile(target, gzipSync(JSON.stringify({ texts, sums })))
} finally {
  await rm(folder, { recursive: true })
}
