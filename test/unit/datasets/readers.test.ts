import { createWriteStream, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { gzipSync } from 'node:zlib'

import { describe, expect, test, vi } from 'vitest'

import { ClassLabel, load_dataset, Value } from '../../../lib/datasets/index.js'
import { readCsv } from '../../../lib/datasets/readers/csv.js'
import { readLines } from '../../../lib/datasets/readers/lines.js'
import { CorruptRowError, DatasetError } from '../../../lib/errors.js'
import { tsxWorker } from '../../tsx-worker.js'
import { datasetsFixture, type Golden, temporaryFile, temporaryFolder } from './fixture.js'

type Builder = 'csv' | 'json' | 'text' | 'parquet'

const load = (builder: Builder, content: string | Buffer, options: object = {}, name = `data.${builder}`) =>
  load_dataset(builder, { split: 'train', data_files: temporaryFile(name, content), ...options })
const rows = async (...args: Parameters<typeof load>) => [...(await load(...args))]

async function failure(work: Promise<unknown>): Promise<CorruptRowError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(CorruptRowError)
  return error as CorruptRowError
}

describe('CSV', () => {
  test('quotes, separators and line ends inside of cells, with a byte order mark', async () => {
    const content = '\uFEFFtext,label\r\n"a, ""b""\r\nc",1\r\n\r\nplain,2'
    expect(await rows('csv', content)).toEqual([
      { text: 'a, "b"\r\nc', label: 1 },
      { text: 'plain', label: 2 },
    ])
  })

  test('kinds are found; empty cells are null among numbers and stay empty in texts', async () => {
    const content = 'i,f,b,s,id,e\n1,0.5,true,x,12345678901234567890,\n,2,False,,1,\n-3,1e3,,3,2,\n'
    const dataset = await load('csv', content)
    expect([...dataset]).toEqual([
      { i: 1, f: 0.5, b: true, s: 'x', id: '12345678901234567890', e: '' },
      { i: null, f: 2, b: false, s: '', id: '1', e: '' },
      { i: -3, f: 1000, b: null, s: '3', id: '2', e: '' },
    ])
  })

  test('features choose columns and kinds; labels by name or number', async () => {
    const features = { label: new ClassLabel({ names: ['neg', 'pos'] }), text: new Value('string') }
    const content = 'text,other,label\n1,x,pos\n2,y,0\n'
    const dataset = await load('csv', content, { features })
    expect([...dataset]).toEqual([
      { text: '1', label: 1 },
      { text: '2', label: 0 },
    ])
    expect(dataset.features).toEqual(features)
    const error = await failure(load('csv', 'text,label\n1,pos\n2,positive\n', { features }))
    expect([error.row, error.column]).toEqual([3, 'label'])
    expect(error.message).toMatch(
      /data\.csv, row 3, column 'label': there is no label 'positive': .* neg, pos/,
    )
    await expect(load('csv', 'text\n1\n', { features })).rejects.toThrow(
      /has no column 'label': its columns are text/,
    )
  })

  test('no header, other separators, quotes that mean nothing', async () => {
    expect(await rows('csv', 'a;1\nb;2\n', { sep: ';', column_names: ['x', 'y'] })).toEqual([
      { x: 'a', y: 1 },
      { x: 'b', y: 2 },
    ])
    expect(await rows('csv', 'a\t1\n', { header: false }, 'data.tsv')).toEqual([{ '0': 'a', '1': 1 }])
    expect(await rows('csv', 'q\tr\n" a\tb"\n', { quotechar: null }, 'x.tsv')).toEqual([
      { q: '" a', r: 'b"' },
    ])
  })

  test('damaged rows name file, line and column', async () => {
    const ragged = await failure(load('csv', 'a,b\n1,2\n"x\ny",2,3\n'))
    expect([ragged.file, ragged.row]).toEqual([expect.stringContaining('data.csv'), 4])
    expect(ragged.message).toMatch(
      /row 4: the row has 3 cells, there are 2 columns\n {2}hint: .*quotechar: null/,
    )
    expect((await failure(load('csv', 'a,b\n1,x"y\n'))).message).toMatch(/row 2: Invalid Opening Quote/)
    expect((await failure(load('csv', 'a\n"never closed\n'))).message).toMatch(/Quote Not Closed/)
    const bytes = Buffer.concat([Buffer.from('a\nb\n'), Buffer.of(0xff, 0xfe), Buffer.from('\n')])
    expect((await failure(load('csv', bytes))).message).toMatch(/data\.csv: not UTF-8 after line 1/)
    const late = `n\n${'1\n'.repeat(10_000)}text\n`
    const error = await failure(load('csv', late))
    expect(error.message).toMatch(
      /row 10002, column 'n': "text" is no int64.*\n {2}hint: pass features with new Value/,
    )
  })

  test('files that are missing, empty, or have odd headers are refused', async () => {
    await expect(load_dataset('csv', { data_files: '/nowhere.csv', split: 'train' })).rejects.toThrow(
      DatasetError,
    )
    await expect(load('csv', '')).rejects.toThrow(/data\.csv is empty/)
    await expect(load('csv', 'a,a\n1,2\n')).rejects.toThrow(/two columns 'a'/)
    await expect(load('csv', 'a,b\n1,2\n', { column_names: ['x'], header: true })).rejects.toThrow(
      /has 2 columns/,
    )
  })

  test('a cut archive is an error with the name of the file', async () => {
    const packed = gzipSync('a,b\n1,2\n')
    expect(await rows('csv', packed, {}, 'data.csv.gz')).toEqual([{ a: 1, b: 2 }])
    await expect(load('csv', packed.subarray(0, 15), {}, 'data.csv.gz')).rejects.toThrow(
      /cannot read .*data\.csv\.gz.*\n {2}hint: the archive/,
    )
  })
})

describe('JSON', () => {
  test('lines, with separators of Unicode inside and blank lines between', async () => {
    const content = '{"a": "x\u2028y", "b": [1]}\n\n{"a": "z"}\r\n'
    expect(await rows('json', content)).toEqual([
      { a: 'x\u2028y', b: [1] },
      { a: 'z', b: null },
    ])
  })

  test('one document: a list, or the list under a name', async () => {
    expect(await rows('json', '[{"a": 1},\n {"a": 2}]')).toEqual([{ a: 1 }, { a: 2 }])
    expect(await rows('json', '{"v": 1, "data": [{"a": 1}]}', { field: 'data' })).toEqual([{ a: 1 }])
    await expect(load('json', '{"data": 1}', { field: 'data' })).rejects.toThrow(
      /no list of rows under 'data'/,
    )
  })

  test('damaged rows name their line, features are checked', async () => {
    const broken = await failure(load('json', '{"a": 1}\n{"a": \n'))
    expect([broken.row, broken.code]).toEqual([2, 'ERR_CORRUPT_ROW'])
    expect((await failure(load('json', '{"a": 1}\n5\n'))).message).toMatch(
      /row 2: a row must be an object, is 5/,
    )
    const features = { a: new Value('string') }
    expect((await failure(load('json', '{"a": "x"}\n{"a": 1}\n', { features }))).message).toMatch(
      /row 2, column 'a': 1 is no string/,
    )
    const bytes = Buffer.concat([Buffer.from('{"a": 1}\n'), Buffer.of(0xff), Buffer.from('\n')])
    expect((await failure(load('json', bytes))).message).toMatch(/row 2: the line is not UTF-8/)
  })
})

test('text: lines, paragraphs, the whole file', async () => {
  const content = 'one\n\ntwo\r\nthree\n'
  const texts = async (sample_by?: string) =>
    (await rows('text', content, { sample_by })).map(({ text }) => text)
  expect(await texts()).toEqual(['one', '', 'two', 'three'])
  expect(await texts('paragraph')).toEqual(['one', 'two\nthree'])
  expect(await texts('document')).toEqual(['one\n\ntwo\nthree'])
})

test('a line that is too long is refused before it is in memory', async () => {
  const path = temporaryFile('long.txt', 'short\n'.repeat(3) + 'x'.repeat(100))
  const read = async () => {
    for await (const _ of readLines(path, 50));
  }
  expect((await failure(read())).message).toMatch(/long\.txt, row 4: the line has more than 50 bytes/)
})

describe('Parquet', () => {
  const golden: Golden = JSON.parse(readFileSync(datasetsFixture('golden.json'), 'utf8'))

  test("what Python's datasets wrote, with its labels", async () => {
    const dataset = await load_dataset('parquet', {
      data_files: datasetsFixture('labels.parquet'),
      split: 'train',
    })
    expect([...dataset]).toEqual(golden.rows)
    expect(dataset.features.label).toEqual(new ClassLabel({ names: ['low', 'middle', 'high'] }))
    expect(dataset.features.score).toEqual(new Value('float64'))
  })

  test('some columns, while reading', async () => {
    const options = { data_files: datasetsFixture('labels.parquet'), split: 'train', columns: ['label'] }
    const stream = await load_dataset('parquet', { ...options, streaming: true })
    expect(stream.column_names).toEqual(['label'])
    expect((await stream.take(4).toDataset()).column('label')).toEqual([0, 1, 2, 0])
    await expect(load_dataset('parquet', { ...options, columns: ['none'] })).rejects.toThrow(
      /no column 'none'/,
    )
  })

  test.each(['snappy', 'gzip', 'zstd', 'brotli', 'none'])('packed by %s', async (codec) => {
    const data_files = datasetsFixture(`plain-${codec}.parquet`)
    expect([...(await load_dataset('parquet', { data_files, split: 'train' }))]).toEqual([
      { id: 1, text: 'a', lists: [1.5] },
      { id: 2n ** 60n, text: null, lists: [] },
      { id: -3, text: 'c', lists: [2.5, 3.5] },
    ])
  })

  test('damaged files are refused', async () => {
    const whole = readFileSync(datasetsFixture('labels.parquet'))
    await expect(load('parquet', 'no parquet file at all')).rejects.toThrow(/is damaged or no Parquet file/)
    await expect(load('parquet', whole.subarray(0, -20))).rejects.toThrow(DatasetError)
    await expect(load('parquet', Buffer.alloc(0))).rejects.toThrow(DatasetError)
  })
})

describe('a file larger than what is kept of it', () => {
  /** Rows of about 1 KB. */
  async function write(name: string, count: number, line: (i: number) => string): Promise<string> {
    const path = join(temporaryFolder(), name)
    const lines = function* () {
      for (let i = 0; i < count; i++) yield line(i)
    }
    await finished(Readable.from(lines()).pipe(createWriteStream(path)))
    return path
  }

  const count = 100_000
  const padding = 'x'.repeat(2000)
  const files = {
    json: (i: number) => `{"i": ${i}, "text": "${padding}"}\n`,
    csv: (i: number) => `${i === 0 ? 'i,text\n' : ''}${i},"${padding}"\n`,
  }

  /** What rows add up to, read by a thread with a heap of some megabytes. */
  function read(kind: string, path: string, streaming: boolean, heap: number): Promise<number> {
    const url = new URL('stream-rows.ts', import.meta.url).href
    const worker = tsxWorker(url, [kind, path, streaming], { maxOldGenerationSizeMb: heap })
    return new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
  }

  test.each([
    ['json', 60],
    // The first 10,000 rows, from which kinds are found, are 20 MB.
    ['csv', 100],
  ] as const)(
    'is streamed with a small heap: %s',
    async (kind, heap) => {
      const path = await write(`large.${kind}`, count, files[kind])
      expect(statSync(path).size).toBeGreaterThan(200e6)
      expect(await read(kind, path, true, heap)).toBe((count * (count + 1)) / 2)
    },
    120_000,
  )

  test('does not fit as a whole', async () => {
    const path = await write('large.json', count, files.json)
    await expect(read('json', path, false, 60)).rejects.toThrow(/memory limit/)
  }, 120_000)

  test('is read no further than it is used, and closed', async () => {
    const path = await write('large.csv', 20_000, (i) => (i === 0 ? 'i,text\n' : `${i},${'y'.repeat(100)}\n`))
    const first: unknown[] = []
    for await (const { i } of readCsv(path)) {
      first.push(i)
      if (first.length === 3) break
    }
    expect(first).toEqual([1, 2, 3])
    const opened = () => readdirSync('/proc/self/fd').map((fd) => linkOf(`/proc/self/fd/${fd}`))
    if (process.platform === 'linux') await vi.waitFor(() => expect(opened()).not.toContain(path))
  })
})

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return '' // closed in the meantime
  }
}
