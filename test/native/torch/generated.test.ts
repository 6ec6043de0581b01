import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { Tensor, torch } from '../../../lib/index.js'
import { packageRoot } from '../../../lib/native/paths.js'

const folder = join(packageRoot, 'lib/torch/generated')
const link = /^ {2}\/\*\* https:\/\/docs\.pytorch\.org\/docs\/[\d.]+\/\S+ \*\/$/

/** Names in the interfaces of a file, and the line before the first signature of each. */
function members(file: string): Map<string, string> {
  const found = new Map<string, string>()
  let before = ''
  for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
    const name = /^ {2}(\w+)\(/.exec(line)?.[1]
    if (name !== undefined && !found.has(name)) found.set(name, before)
    before = line
  }
  return found
}

describe('the generated types', () => {
  it.each(readdirSync(folder))('%s has a link to the documentation for each operator', (file) => {
    const names = members(file)
    expect(names.size).toBeGreaterThan(100)
    expect([...names].filter(([, before]) => !link.test(before))).toEqual([])
  })

  it('promise only what is there', () => {
    const functions = [...members('torch-functions.ts').keys()]
    expect(functions.filter((name) => typeof Reflect.get(torch, name) !== 'function')).toEqual([])
    const methods = [...members('tensor-operators.ts').keys()]
    expect(methods.filter((name) => !(name in Tensor.prototype))).toEqual([])
  })

  it('leave the functions of namespaces to these', () => {
    expect(Object.getOwnPropertyNames(torch).filter((name) => /^(linalg|special|fft)_/.test(name))).toEqual(
      [],
    )
    expect(torch.linalg.inv(torch.eye(2)).tolist()).toEqual([
      [1, 0],
      [0, 1],
    ])
  })
})
