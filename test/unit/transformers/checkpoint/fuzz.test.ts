/** The text files of a checkpoint, damaged at random: an index of shards, and fairseq's vocabulary with its BPE ids. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import { CheckpointError } from '../../../../lib/errors.js'
import { packageRoot } from '../../../../lib/native/paths.js'
import { vocabularyOf } from '../../../../lib/transformers/checkpoint/fairseq/vocabulary.js'
import { readShardIndex } from '../../../../lib/transformers/checkpoint/shard-index.js'
import { brokenText, fuzz, fuzzCount, fuzzTimeout } from '../../../fuzz.js'

const fixture = (name: string) => readFileSync(join(packageRoot, 'test/fixtures/checkpoints', name), 'utf8')
const count = fuzzCount(20_000)
const timeout = { timeout: fuzzTimeout(count) }
const json = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  ',',
  'null',
  '0',
  '-1',
  '1e999',
  '{}',
  '[]',
  '"a":',
  '\\u0000',
  '\\',
]

it(`reads or refuses ${count} damaged indices of shards`, timeout, async () => {
  const index = JSON.stringify(JSON.parse(fixture('shards/model.safetensors.index.json')), null, 1)
  const pieces = [
    ...json,
    '"weight_map"',
    '"../a.safetensors"',
    '"/etc/passwd"',
    '"__proto__":',
    'a\\b',
    '..',
  ]
  await fuzz(count, {
    draw: (random) => brokenText(index, pieces, random),
    size: (text) => text.length,
    read(text) {
      for (const [file, tensors] of readShardIndex(text, 'model.safetensors.index.json')) {
        // What was accepted stays in the folder.
        expect(join('folder', file)).toBe(`folder/${file}`)
        expect(file).not.toMatch(/[\\/]|^\.+$/)
        expect(tensors.length).toBeGreaterThan(0)
      }
    },
  })
})

it(`reads or refuses ${count} damaged vocabularies of fairseq`, timeout, async () => {
  const dictionary = fixture('fairseq/masked-lm/dict.txt')
  const encoder = fixture('fairseq/masked-lm/encoder.json')
  const lines = [
    '\n',
    ' ',
    ' 1',
    '0 1\n',
    '-1 1\n',
    'madeupword0000 0\n',
    ' #fairseq:overwrite',
    '#fairseq:',
    '99 9\n',
  ]
  await fuzz(count, {
    draw: (random): [string, string] =>
      random.chance(0.5)
        ? [brokenText(dictionary, lines, random), encoder]
        : [dictionary, brokenText(encoder, [...json, '"__proto__":', '"abc": 7', 'NaN'], random)],
    size: ([dict, tokens]) => dict.length + tokens.length,
    read([dict, tokens]) {
      const ids = Object.values(vocabularyOf(dict, tokens, 'dict.txt'))
      expect(ids.toSorted((a, b) => a - b)).toEqual(ids.map((_, i) => i))
    },
  })
})

it('refuses encoder.json that is no object of ids', () => {
  for (const text of ['null', '3', '"abc"', '[0, 1]', '{"a": null}', '{"a": "0"}', '{"a": 1.5}'])
    expect(() => vocabularyOf('0 1\n', text, 'dict.txt'), text).toThrow(CheckpointError)
})
