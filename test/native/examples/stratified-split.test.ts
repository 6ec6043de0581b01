import { expect, test } from 'vitest'

import type { Example } from '../../../examples/support/spam-assassin.js'
import { stratifiedSplit } from '../../../examples/support/stratified-split.js'

const example = (text: string, label: number): Example => ({ text, label })
const examples = [
  ...Array.from({ length: 70 }, (_, i) => example(`ham ${i}`, 0)),
  ...Array.from({ length: 30 }, (_, i) => example(`spam ${i % 20}`, 1)), // ten texts occur twice
]
const textsOf = (part: Example[]) => part.map(({ text }) => text)

test('both parts have the same mix of classes and every example is in one of them', () => {
  const { train, test } = stratifiedSplit(examples, 0.2, 0)
  expect(test.filter(({ label }) => label === 0)).toHaveLength(14)
  expect(test.filter(({ label }) => label === 1)).toHaveLength(6)
  expect(textsOf([...train, ...test]).sort()).toEqual(textsOf(examples).sort())
})

test('equal texts stay together', () => {
  for (let seed = 0; seed < 20; seed++) {
    const { train, test } = stratifiedSplit(examples, 0.2, seed)
    const seen = new Set(textsOf(train))
    expect(textsOf(test).filter((text) => seen.has(text))).toEqual([])
  }
})

test('the same seed gives the same split, another seed another one', () => {
  expect(stratifiedSplit(examples, 0.2, 3)).toEqual(stratifiedSplit(examples, 0.2, 3))
  expect(textsOf(stratifiedSplit(examples, 0.2, 3).test)).not.toEqual(
    textsOf(stratifiedSplit(examples, 0.2, 4).test),
  )
})
