import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Dataset, IterableDataset, load_dataset } from '../../../lib/datasets/index.js'
import { type LoadDatasetOptions, loadFrom } from '../../../lib/datasets/load-dataset.js'
import { ArgumentError, DatasetError, HubNotFoundError, HubOfflineError } from '../../../lib/errors.js'
import { HubServer, type Repository } from '../hub/hub-server.js'
import { datasetsFixture, temporaryFile, temporaryFolder } from './fixture.js'

function folderOf(files: Record<string, string>): string {
  const folder = temporaryFolder()
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

const texts = (dataset: Iterable<Record<string, unknown>>) => [...dataset].map(({ text }) => text)

describe('files', () => {
  test('by split, without splits as train, by a name with *', async () => {
    const folder = folderOf({ 'a1.txt': 'one', 'a2.txt': 'two', 'b.txt': 'three' })
    const splits = await load_dataset('text', {
      data_files: { train: 'a*.txt', dev: ['b.txt'] },
      data_dir: folder,
    })
    expect(Object.keys(splits)).toEqual(['train', 'dev'])
    expect([texts(splits.train as Dataset), texts(splits.dev as Dataset)]).toEqual([
      ['one', 'two'],
      ['three'],
    ])
    const single = await load_dataset('text', { data_files: join(folder, 'b.txt') })
    expect(Object.keys(single)).toEqual(['train'])
    await expect(load_dataset('text', { data_files: join(folder, 'c*.txt') })).rejects.toThrow(
      /no file is named as/,
    )
    await expect(load_dataset('text')).rejects.toThrow(/needs data_files\n {2}hint: load_dataset\('text'/)
  })

  test('parts of a split', async () => {
    const data_files = temporaryFile('lines.txt', 'abcdefghij'.split('').join('\n'))
    const part = async (split: string) => texts(await load_dataset('text', { data_files, split })).join('')
    expect(await part('train')).toBe('abcdefghij')
    expect(await part('train[:3]')).toBe('abc')
    expect(await part('train[20%:-3]')).toBe('cdefg')
    expect(await part('train[-25%:]')).toBe('ij')
    await expect(part('train[1]')).rejects.toThrow(ArgumentError)
    await expect(part('test')).rejects.toThrow(/no split 'test': there are train/)
  })

  test('while reading', async () => {
    const data_files = temporaryFile('lines.txt', 'a\nb\nc')
    const stream = await load_dataset<{ text: string }>('text', {
      data_files,
      split: 'train',
      streaming: true,
    })
    expect(stream).toBeInstanceOf(IterableDataset)
    const joined = stream.map(({ text }) => ({ text: [text.join('')] }), {
      batched: true,
      batch_size: 2,
    })
    const read = async () => texts(await joined.toDataset())
    expect([await read(), await read()]).toEqual([
      ['ab', 'c'],
      ['ab', 'c'],
    ])
    const kept = stream
      .filter(({ text }) => text !== 'a')
      .rename_column('text', 'word')
      .skip(1)
    expect([...(await kept.toDataset())]).toEqual([{ word: 'c' }])
    await expect(load_dataset('text', { data_files, split: 'train[:1]', streaming: true })).rejects.toThrow(
      /take\(n\)/,
    )
  })
})

describe('a folder', () => {
  test('is divided by the words in its names, other files are left aside', async () => {
    const folder = folderOf({
      'README.md': '# data',
      'train-00000-of-00002.csv': 'text\na\n',
      'train-00001-of-00002.csv': 'text\nb\n',
      'sub/dev.csv': 'text\nc\n',
      'notes.txt': 'not of these',
    })
    const splits = await load_dataset(folder)
    expect(Object.keys(splits)).toEqual(['validation', 'train'])
    expect(texts(splits.train as Dataset)).toEqual(['a', 'b'])
    expect(texts(await load_dataset(folder, { data_dir: 'sub', split: 'validation' }))).toEqual(['c'])
    const named = await load_dataset(folder, { data_files: 'notes.txt', split: 'train' })
    expect(texts(named)).toEqual(['not of these'])
  })

  test('without data files is refused', async () => {
    await expect(load_dataset(folderOf({ 'a.bin': '' }))).rejects.toThrow(
      /has no data files\n {2}hint: .*\.parquet/,
    )
  })
})

describe('a data set on the hub', () => {
  const labels = readFileSync(datasetsFixture('labels.parquet'))
  const flat: Repository = {
    files: {
      'README.md': Buffer.from('# flat'),
      'data/train-00000-of-00001.parquet': labels,
      'data/test-00000-of-00001.parquet': labels,
    },
    large: ['data/train-00000-of-00001.parquet'],
  }
  const configured: Repository = {
    files: {
      'sst2/train.jsonl': Buffer.from('{"text": "x"}\n'),
      'cola/train.jsonl': Buffer.from('{"text": "y"}\n'),
    },
  }

  async function hub() {
    const server = await HubServer.start()
    onTestFinished(() => server.close())
    server.repositories.set('someone/flat', flat)
    server.repositories.set('someone/glue', configured)
    const cacheDir = temporaryFolder()
    const own = { endpoint: server.url, cacheDir, backOffMs: 2, token: undefined, output: undefined }
    const load = (id: string, options: LoadDatasetOptions = {}, more = {}) =>
      loadFrom(id, options, { ...own, ...more })
    return { server, cacheDir, load }
  }

  test('comes into the cache, only the files of its split, and once', async () => {
    const { server, cacheDir, load } = await hub()
    const dataset = (await load('someone/flat', { split: 'train[:5]' })) as Dataset
    expect(dataset.column('label')).toEqual([0, 1, 2, 0, 1])
    const asked = () => server.log.filter(({ method }) => method === 'GET').map(({ path }) => path)
    expect(asked().filter((path) => path.includes('test-'))).toEqual([])
    expect(asked()[0]).toBe('/api/datasets/someone/flat/revision/main')
    expect(readFileSync(join(cacheDir, 'datasets--someone--flat/refs/main'), 'utf8')).toMatch(
      /^[0-9a-f]{40}$/,
    )
    server.log.length = 0
    await load('someone/flat', { split: 'train' })
    expect(asked()).toEqual(['/api/datasets/someone/flat/revision/main'])
    const offline = (await load('someone/flat', { split: 'train' }, { offline: true })) as Dataset
    expect(offline.length).toBe(25)
    await expect(load('someone/glue', {}, { offline: true })).rejects.toThrow(HubOfflineError)
  })

  test('one configuration of several is chosen by name', async () => {
    const { load } = await hub()
    expect(texts((await load('someone/glue', { name: 'sst2', split: 'train' })) as Dataset)).toEqual(['x'])
    expect(
      texts((await load('someone/glue', { data_files: 'cola/*.jsonl', split: 'train' })) as Dataset),
    ).toEqual(['y'])
    await expect(load('someone/glue')).rejects.toThrow(/several folders: cola, sst2\n {2}hint: .*name: /)
  })

  test('one that is not there, and a split that is not there', async () => {
    const { load } = await hub()
    await expect(load('someone/none')).rejects.toThrow(HubNotFoundError)
    await expect(load('someone/none')).rejects.toThrow(/nor a data set of this name/)
    await expect(load('someone/flat', { split: 'dev' })).rejects.toThrow(DatasetError)
    await expect(load('./no-folder')).rejects.toThrow(/no file or folder \.\/no-folder/)
  })
})
