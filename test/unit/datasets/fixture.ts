import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { onTestFinished } from 'vitest'

import type { Row, SplitOptions } from '../../../lib/datasets/index.js'

/** What scripts/golden/datasets.py writes. */
export interface Golden {
  rows: Row[]
  shuffle: { length: number; seed: number; order: number[] }[]
  stream: { length: number; seed: number; buffer_size: number; order: number[] }[]
  splits: { length: number; options: SplitOptions; train: number[]; test: number[] }[]
}

export const datasetsFixture = (name: string) =>
  fileURLToPath(new URL(`../../fixtures/datasets/${name}`, import.meta.url))

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'robertorch-datasets-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A file of the content in a folder of its own. */
export function temporaryFile(name: string, content: string | Buffer): string {
  const path = join(temporaryFolder(), name)
  writeFileSync(path, content)
  return path
}
