import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import { packageRoot } from '../../lib/native/paths.js'
import { compareNames, type PythonNames, parityPage } from '../../scripts/names/table.js'

const python: PythonNames = JSON.parse(
  readFileSync(join(packageRoot, 'test/fixtures/names/pytorch.json'), 'utf8'),
)

it('has every public name of PyTorch, or a reason', () => {
  const { unexplained, unused } = compareNames(python)
  expect(unexplained, 'names without a reason in scripts/names/reasons.ts').toEqual([])
  expect(unused, 'patterns of scripts/names/reasons.ts that explain nothing').toEqual([])
})

it('is what docs/parity.md says (else run `npm run names -- --page`)', () => {
  const page = readFileSync(join(packageRoot, 'docs/parity.md'), 'utf8')
  expect(parityPage(python, compareNames(python))).toBe(page)
})

it('tells names that are here from those that are missing with and without a reason', () => {
  const found = compareNames(
    {
      version: '2.13.0',
      namespaces: { 'torch.Tensor': ['add_'], torch: ['add', 'compile', 'no_such_name'] },
    },
    [{ reason: 'compiler', patterns: [/\.compile$/, /\.never$/] }],
  )
  expect(found.namespaces[0]?.here).toEqual(['add_'])
  expect(found.namespaces[1]?.here).toEqual(['add'])
  expect(found.namespaces[1]?.missing).toEqual(new Map([['compiler', ['compile']]]))
  expect(found.unexplained).toEqual(['torch.no_such_name'])
  expect(found.unused).toEqual([/\.never$/])
})
