/** The texts that tokenizers are measured with: this repository's prose and code, line by line. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { packageRoot } from '../lib/native/paths.js'

export interface Texts {
  texts: string[]
  /** Folder of the tokenizer: roberta-base's where it lies beside the repository, otherwise the tests' small one. */
  tokenizer: string
}

const longEnough = 20
const textCount = 4000

function filesIn(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending) && !name.includes('generated'))
    .sort()
    .map((name) => join(folder, name))
}

export function makeTexts(): Texts {
  const here = (...path: string[]) => join(packageRoot, ...path)
  const files = [
    here('README.md'),
    here('CONTRIBUTING.md'),
    ...filesIn(here('docs'), '.md'),
    ...filesIn(here('lib'), '.ts'),
  ]
  const lines = files.flatMap((file) => readFileSync(file, 'utf8').split('\n'))
  const published = here('..', 'shared', 'data', 'roberta-base-tokenizer')
  return {
    texts: lines.filter((line) => line.length > longEnough).slice(0, textCount),
    tokenizer: existsSync(published) ? published : here('test', 'fixtures', 'tokenizer', 'small'),
  }
}
