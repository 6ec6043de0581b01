import { readFileSync } from 'node:fs'

import { describe, expect, test } from 'vitest'
import { ClassLabel, Dataset, IterableDataset, List, Value } from '../../../lib/datasets/index.js'
import { ArgumentError, CorruptRowError, DatasetError, IndexError } from '../../../lib/errors.js'
import { datasetsFixture, type Golden } from './fixture.js'

const golden: Golden = JSON.parse(readFileSync(datasetsFixture('golden.json'), 'utf8'))
const numbered = (length: number) =>
  Dataset.from_dict<{ i: number }>({ i: Array.from({ length }, (_, i) => i) })
const letters = Dataset.from_list([
  { text: 'a', n: 1 },
  { text: 'b', n: 2 },
  { text: 'c', n: 3 },
])

describe("Python's orders for the same seed (scripts/golden/datasets.py)", () => {
  test('shuffle', () => {
    for (const { length, seed, order } of golden.shuffle) {
      expect(numbered(length).shuffle({ seed }).column('i')).toEqual(order)
    }
  })

  test('train_test_split', () => {
    for (const { length, options, train, test: rest } of golden.splits) {
      const parts = numbered(length).train_test_split(options)
      expect([parts.train.column('i'), parts.test.column('i')]).toEqual([train, rest])
    }
  })

  test('shuffle of a stream', async () => {
    for (const { length, seed, buffer_size, order } of golden.stream) {
      const rows = IterableDataset.from_generator(() => numbered(length)).shuffle({ seed, buffer_size })
      expect((await rows.toDataset()).column('i')).toEqual(order)
    }
  })
})

test('rows by number, from the end, as columns and one after the other', () => {
  expect(letters.get(1)).toEqual({ text: 'b', n: 2 })
  expect(letters.get(-1)).toEqual({ text: 'c', n: 3 })
  expect(letters.slice(1, 9)).toEqual({ text: ['b', 'c'], n: [2, 3] })
  expect([...letters].map(({ text }) => text)).toEqual(['a', 'b', 'c'])
  expect([...letters.iter({ batch_size: 2 })]).toEqual([
    { text: ['a', 'b'], n: [1, 2] },
    { text: ['c'], n: [3] },
  ])
  expect([letters.length, letters.num_columns, letters.column_names]).toEqual([3, 2, ['text', 'n']])
  for (const row of [3, -4, 0.5]) expect(() => letters.get(row)).toThrow(IndexError)
})

test('chosen rows can be chosen from again', () => {
  const chosen = letters.select([2, 0]).select([1])
  expect([...chosen]).toEqual([{ text: 'a', n: 1 }])
  expect(letters.skip(1).take(1).column('text')).toEqual(['b'])
  expect(() => letters.select([3])).toThrow(IndexError)
})

test('map adds, replaces and removes columns', async () => {
  const doubled = await letters.map(({ n }: { n: number }) => ({ n: n * 2, is: n > 1 }), {
    remove_columns: ['text'],
  })
  expect([...doubled]).toEqual([
    { n: 2, is: false },
    { n: 4, is: true },
    { n: 6, is: true },
  ])
  const untouched = await letters.map(() => undefined)
  expect([...untouched]).toEqual([...letters])
})

test('a batched map may change the number of rows where no other column stays', async () => {
  const twice = (columns: { text: string[] }, indices: number[]) => ({
    text: columns.text.flatMap((text) => [text, text]),
    at: indices.flatMap((i) => [i, i]),
  })
  const options = { batched: true, batch_size: 2 } as const
  const made = await letters.map(twice, { ...options, remove_columns: ['n'] })
  expect(made.slice(0, 9)).toEqual({ text: ['a', 'a', 'b', 'b', 'c', 'c'], at: [0, 0, 1, 1, 2, 2] })
  await expect(letters.map(twice, options)).rejects.toThrow(
    /made 4 rows of 2.*column 'n'\n {2}hint: pass remove/,
  )
  const uneven = () => ({ a: [1, 2], b: [1] })
  await expect(letters.map(uneven, options)).rejects.toThrow(/1 values of column 'b' and 2 of 'a'/)
})

test('filter', async () => {
  expect((await letters.filter(async ({ n }) => n !== 2)).column('text')).toEqual(['a', 'c'])
})

test('columns are renamed, chosen and removed, and names that do not fit are refused', () => {
  const renamed = letters.rename_column('n', 'label')
  expect(renamed.column_names).toEqual(['text', 'label'])
  expect(renamed.get(0)).toEqual({ text: 'a', label: 1 })
  expect(letters.remove_columns('n').column_names).toEqual(['text'])
  expect(letters.select_columns(['n']).get(2)).toEqual({ n: 3 })
  expect(() => letters.remove_columns('m')).toThrow(/no column 'm': the columns are text, n/)
  expect(() => letters.rename_column('n', 'text')).toThrow(DatasetError)
  expect(() => letters.column('m')).toThrow(DatasetError)
})

test('kinds of columns are found from the values', () => {
  const { features } = Dataset.from_list([
    { a: 1, b: 1, c: ['x'], d: null, e: { f: true } },
    { a: 2, b: 0.5, c: [], d: null, e: { f: false } },
  ])
  expect(features).toEqual({
    a: new Value('int64'),
    b: new Value('float64'),
    c: new List(new Value('string')),
    d: new Value('null'),
    e: { f: new Value('bool') },
  })
  expect(() => Dataset.from_list([{ a: 1 }, { a: 'x' }])).toThrow(
    /column 'a' mixes kinds of values: row 1 holds "x"/,
  )
  expect(() => Dataset.from_dict({ a: [1], b: [1, 2] })).toThrow(/column 'b' has 2 values, column 'a' has 1/)
})

test('columns that rows lack hold null, across blocks of rows, too', async () => {
  const rows = Array.from({ length: 10_001 }, (_, i) => (i < 10_000 ? { a: i } : { a: i, b: 'late' }))
  const dataset = Dataset.from_list<{ a: number; b?: string }>(rows)
  expect(dataset.get(0)).toEqual({ a: 0, b: null })
  expect(dataset.get(10_000)).toEqual({ a: 10_000, b: 'late' })
  const mixed = rows.map(({ a }) => ({ a: a < 10_000 ? a : 'text' }))
  expect(() => Dataset.from_list(mixed)).toThrow(/column 'a' is int64 at first and string from row 10000 on/)
})

test('labels: names become numbers, an unknown one is an error with its place', async () => {
  const label = new ClassLabel({ names: ['no', 'yes'] })
  const features = { label }
  const dataset = Dataset.from_list([{ label: 'yes' }, { label: 0 }], { features })
  expect(dataset.column('label')).toEqual([1, 0])
  expect([label.num_classes, label.int2str(1), label.str2int('no')]).toEqual([2, 'yes', 0])
  const fail = () => Dataset.from_list([{ label: 'no' }, { label: 'maybe' }], { features })
  expect(fail).toThrow(CorruptRowError)
  expect(fail).toThrow(/row 2, column 'label': there is no label 'maybe': the labels are no, yes/)
  expect(() => Dataset.from_list([{ label: 2 }], { features })).toThrow(/there is no label 2: there are 2/)
  expect(() => new ClassLabel({ names: ['a', 'a'] })).toThrow(DatasetError)
  const encoded = await Dataset.from_dict({ label: ['pos', 'neg', 'pos'] }).class_encode_column('label')
  expect([encoded.column('label'), encoded.features]).toEqual([
    [1, 0, 1],
    { label: new ClassLabel({ names: ['neg', 'pos'] }) },
  ])
  const mapped = await encoded.map(() => ({ length: 3 }))
  expect(mapped.features.label).toEqual(new ClassLabel({ names: ['neg', 'pos'] }))
  const cast = await Dataset.from_dict({ label: ['no', 'yes'] }).cast_column('label', label)
  expect(cast.column('label')).toEqual([0, 1])
})

test("with_format('numpy') gives typed arrays without a copy", () => {
  const dataset = Dataset.from_dict({ ids: [[1, 2], [], [3]], score: [0.5, 1, 2], text: ['a', 'b', 'c'] })
  const typed = dataset.with_format('numpy')
  expect(typed.get(0).ids).toEqual(Int32Array.of(1, 2))
  expect((typed.get(0).ids as Int32Array).buffer).toBe((typed.get(2).ids as Int32Array).buffer)
  expect(typed.column('score')).toEqual(Float64Array.of(0.5, 1, 2))
  expect(typed.column('text')).toEqual(['a', 'b', 'c'])
  expect(typed.with_format().get(0).ids).toEqual([1, 2])
  expect(() => dataset.with_format('torch' as 'numpy')).toThrow(ArgumentError)
})

test('sizes that leave nothing are refused', () => {
  expect(() => numbered(10).train_test_split({ test_size: 10 })).toThrow(/test_size must be a part.* is 10/)
  expect(() => numbered(10).train_test_split({ test_size: 0.95 })).toThrow(/none would be left for training/)
  expect(() => numbered(10).train_test_split({ test_size: 6, train_size: 5 })).toThrow(
    /want 11 rows, there are 10/,
  )
  expect(() => numbered(10).shuffle({ seed: -1 })).toThrow(ArgumentError)
})
