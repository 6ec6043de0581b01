import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { tokenizers } from '../../../../scripts/parity/tokenizer-cases.js'
import { sumsOf } from '../../../../scripts/parity/tokenizer-rows.js'

const file = new URL('../../../fixtures/tokenizer/checksums.json.gz', import.meta.url)
const golden = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8'))
const texts: string[] = golden.texts
const stored = tokenizers.filter(({ name }) => `${name}/plain` in golden.sums)

describe.each(stored)('$name', (tokenizer) => {
  test('answers what Python’s fast tokenizer does: ids, offsets, words, masks, mappings, decoded texts', async () => {
    expect(texts.length).toBeGreaterThan(2000)
    const sums = await sumsOf(tokenizer, texts)
    const differing: string[] = []
    for (const [name, { values, texts: given }] of sums) {
      const theirs: number[] = golden.sums[`${tokenizer.name}/${name}`]
      expect(values.length).toBe(theirs.length)
      for (const [i, value] of values.entries()) {
        if (value !== theirs[i]) differing.push(`${name}: ${JSON.stringify(given[i])}`)
      }
    }
    expect(differing).toEqual([])
  })
})

test('all families are there', () => {
  expect(stored.map(({ name }) => name)).toEqual([
    'roberta',
    'bert',
    'xlm-roberta',
    'camembert',
    'xlm-roberta BPE',
  ])
})
