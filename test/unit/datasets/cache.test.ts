import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

import { expect, test, vi } from 'vitest'

import { ClassLabel, Dataset, tokenizeDataset, tokenizerFingerprint } from '../../../lib/datasets/index.js'
import { DatasetError } from '../../../lib/errors.js'
import { RobertaTokenizer } from '../../../lib/transformers/tokenization/index.js'
import { temporaryFolder } from './fixture.js'

const tokenizerFolder = fileURLToPath(new URL('../../fixtures/tokenizer/small', import.meta.url))
const features = { label: new ClassLabel({ names: ['a', 'b'] }) }
const rows = (count: number) =>
  Dataset.from_dict({ text: Array.from({ length: count }, (_, i) => `text ${i}`) })

function setup() {
  const cache_dir = join(temporaryFolder(), 'cache')
  const fn = vi.fn(({ text }: { text?: unknown }) => ({ length: String(text).length, list: [1, 2] }))
  // A spy's source says nothing of what it does.
  const run = (dataset: Dataset, cacheKey: unknown) => dataset.map((row) => fn(row), { cacheKey, cache_dir })
  return { cache_dir, fn, run }
}

test('the same rows under the same key are made once', async () => {
  const { cache_dir, fn, run } = setup()
  const first = await run(rows(3), { v: 1 })
  const again = await run(rows(3), { v: 1 })
  expect(fn).toHaveBeenCalledTimes(3)
  expect([...again]).toEqual([...first])
  expect(again.features).toEqual(first.features)
  expect(readdirSync(cache_dir)).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.rows$/)])
})

test('other rows, another order and another key are made anew', async () => {
  const { cache_dir, fn, run } = setup()
  await run(rows(3), 1)
  await run(rows(4), 1)
  await run(rows(3).select([2, 1, 0]), 1)
  await run(rows(3), 2)
  await run(rows(3).rename_column('text', 'texts'), 1)
  expect(fn).toHaveBeenCalledTimes(3 + 4 + 3 + 3 + 3)
  expect(readdirSync(cache_dir)).toHaveLength(5)
})

test('labels and values of every kind come back', async () => {
  const { cache_dir } = setup()
  const values = {
    big: 2n ** 60n,
    none: null,
    nested: { list: [['x']] },
    floats: [0.5, 1],
    flag: true,
    minus: -0,
  }
  const dataset = Dataset.from_dict({ label: [0, 1] }, { features })
  const make = () => dataset.map(() => values, { cacheKey: 'kinds', cache_dir })
  const [made, read] = [await make(), await make()]
  expect(read.get(1)).toEqual({ label: 1, ...values })
  expect([read.features, read.features.label]).toEqual([made.features, features.label])
})

test('a damaged file is made anew, with a warning', async () => {
  const { cache_dir, fn, run } = setup()
  await run(rows(3), 1)
  const [name = ''] = readdirSync(cache_dir)
  const path = join(cache_dir, name)
  const whole = readFileSync(path)
  const warn = vi.spyOn(process, 'emitWarning').mockReturnValue(undefined)
  const damages = [
    whole.subarray(0, -1),
    whole.subarray(0, 30),
    Buffer.alloc(0),
    Buffer.from(whole.map((byte, i) => (i === 60 ? byte ^ 1 : byte))),
  ]
  for (const [i, damaged] of damages.entries()) {
    writeFileSync(path, damaged)
    expect([...(await run(rows(3), 1))]).toHaveLength(3)
    expect(fn).toHaveBeenCalledTimes(3 * (i + 2))
    expect(warn).toHaveBeenLastCalledWith(expect.stringMatching(/is damaged.*made anew/), expect.anything())
    expect(readFileSync(path).equals(whole)).toBe(true)
  }
  warn.mockRestore()
})

test('a folder that cannot be written is an error that says what to do', async () => {
  const { cache_dir } = setup()
  writeFileSync(cache_dir, 'a file')
  const failing = rows(2).map(() => ({ a: 1 }), { cacheKey: 1, cache_dir })
  await expect(failing).rejects.toThrow(DatasetError)
  await expect(failing).rejects.toThrow(/cannot be written.*\n {2}hint: .*ROBERTORCH_CACHE/)
})

test('tokenizeDataset tokenizes texts and pairs once, and again with another tokenizer or option', async () => {
  const { cache_dir } = setup()
  const tokenizer = await RobertaTokenizer.from_pretrained(tokenizerFolder)
  const dataset = Dataset.from_dict({ a: ['Hello world', 'one'], b: ['x', 'y z'], label: [0, 1] })
  const options = { truncation: true, max_length: 6, cache_dir }
  const pairs = await tokenizeDataset(dataset, tokenizer, ['a', 'b'], {
    ...options,
    remove_columns: ['a', 'b'],
  })
  const expected = await tokenizer(['Hello world', 'one'], ['x', 'y z'], { truncation: true, max_length: 6 })
  expect(pairs.column_names.sort()).toEqual(['attention_mask', 'input_ids', 'label'])
  expect(pairs.column('input_ids')).toEqual(expected.input_ids)
  const files = () => readdirSync(cache_dir).length
  await tokenizeDataset(dataset, tokenizer, 'a', options)
  expect(files()).toBe(2)
  await tokenizeDataset(dataset, await RobertaTokenizer.from_pretrained(tokenizerFolder), 'a', { ...options })
  expect(files()).toBe(2)
  await tokenizeDataset(dataset, tokenizer, 'a', { ...options, max_length: 5 })
  expect(files()).toBe(3)
  const fingerprint = await tokenizerFingerprint(tokenizer)
  tokenizer.add_tokens(['Hello world'])
  expect(await tokenizerFingerprint(tokenizer)).not.toBe(fingerprint)
  const added = await tokenizeDataset(dataset, tokenizer, 'a', options)
  expect(files()).toBe(4)
  expect(added.get(0).input_ids).toHaveLength(3)
  await expect(tokenizeDataset(dataset, tokenizer, 'c', options)).rejects.toThrow(/no column 'c'/)
  const overflowing = { ...options, return_overflowing_tokens: true } as typeof options
  await expect(tokenizeDataset(dataset, tokenizer, 'a', overflowing)).rejects.toThrow(
    /takes no return_overflowing/,
  )
})
