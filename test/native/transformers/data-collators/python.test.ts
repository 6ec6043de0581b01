// Golden batches: scripts/golden/collators.py.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { expect, test } from 'vitest'
import type { CollatedBatch, CollatorExample as Example } from '../../../../lib/index.js'
import * as robertorch from '../../../../lib/index.js'

interface Case {
  collator: keyof typeof collators
  options: Record<string, never> & { side?: string }
  manual_seed?: number
  examples: Example[]
  batches: Record<string, { dtype: string; values: unknown }>[]
}

type Make = (tokenizer: robertorch.RobertaTokenizer, options: object) => (examples: Example[]) => unknown

const collators = {
  default_data_collator: () => (examples) => robertorch.default_data_collator(examples),
  DataCollatorWithPadding: (tokenizer, options) =>
    new robertorch.DataCollatorWithPadding({ tokenizer, ...options }),
  DataCollatorForTokenClassification: (tokenizer, options) =>
    new robertorch.DataCollatorForTokenClassification({ tokenizer, ...options }),
  DataCollatorForMultipleChoice: (tokenizer, options) =>
    new robertorch.DataCollatorForMultipleChoice({ tokenizer, ...options }),
  DataCollatorForLanguageModeling: (tokenizer, options) =>
    new robertorch.DataCollatorForLanguageModeling({ tokenizer, ...options }),
} satisfies Record<string, Make>

const fixture = (name: string) => fileURLToPath(new URL(`../../../fixtures/${name}`, import.meta.url))
const golden: Case[] = JSON.parse(readFileSync(fixture('collators/golden.json'), 'utf8'))

test('there are cases of every collator', () => {
  expect(new Set(golden.map(({ collator }) => collator))).toEqual(new Set(Object.keys(collators)))
})

test.each(golden.map((one) => [one.collator, one.options, one] as const))('%s %o', async (_, __, one) => {
  const { side, ...options } = one.options
  const settings = side === undefined ? {} : { padding_side: side as 'left' }
  const tokenizer = await robertorch.RobertaTokenizer.from_pretrained(fixture('tokenizer/small'), settings)
  const make: Make = collators[one.collator]
  const collate = make(tokenizer, options)
  if (one.manual_seed !== undefined) robertorch.torch.manual_seed(one.manual_seed)
  for (const expected of one.batches) {
    const batch = (await collate(one.examples)) as CollatedBatch
    const found = Object.entries(batch).map(([name, tensor]) => [
      name,
      { dtype: String(tensor.dtype), values: tensor.tolist() },
    ])
    expect(Object.fromEntries(found)).toEqual(expected)
  }
})
