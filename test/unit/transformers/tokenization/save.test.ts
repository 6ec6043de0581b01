import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { writeAtomically } from '../../../../lib/atomic-write.js'
import { TokenizerError } from '../../../../lib/errors.js'
import { RobertaTokenizer } from '../../../../lib/transformers/tokenization/roberta-tokenizer.js'
import { SMALL } from './golden.js'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tokenizer-'))
})
afterEach(() => rm(folder, { recursive: true }))

const json = async (directory: string, name: string) =>
  JSON.parse(await readFile(join(directory, name), 'utf8'))

describe('save_pretrained', () => {
  test('writes the files that Python writes, with the same content', async () => {
    const tokenizer = await RobertaTokenizer.from_pretrained(SMALL)
    const written = await tokenizer.save_pretrained(folder)
    const python = await readdir(SMALL)
    expect((await readdir(folder)).sort()).toEqual(python.sort())
    expect(written.sort()).toEqual(python.map((name) => join(folder, name)).sort())
    for (const name of python.filter((file) => file.endsWith('.json'))) {
      expect(await json(folder, name), name).toEqual(await json(SMALL, name))
    }
    for (const name of ['merges.txt', 'special_tokens_map.json', 'tokenizer_config.json']) {
      expect(await readFile(join(folder, name), 'utf8')).toBe(await readFile(join(SMALL, name), 'utf8'))
    }
  })

  test('what was saved loads again and answers the same', async () => {
    const first = await RobertaTokenizer.from_pretrained(SMALL, {
      add_prefix_space: true,
      padding_side: 'left',
      additional_special_tokens: ['<extra>'],
    })
    await first.save_pretrained(folder)
    const second = await RobertaTokenizer.from_pretrained(folder)
    expect(second.length).toBe(first.length)
    expect(second.get_vocab()).toEqual(first.get_vocab())
    const texts = ['Hello <extra> <mask> world', 'a']
    const options = { padding: true, return_offsets_mapping: true } as const
    expect({ ...(await second(texts, options)) }).toEqual({ ...(await first(texts, options)) })
    expect(await json(folder, 'added_tokens.json')).toEqual({ '<extra>': 2048 })
  })

  test('a length without limit is written as the integer that Python compares with', async () => {
    const tokenizer = await RobertaTokenizer.from_pretrained(SMALL, { model_max_length: 1e30 })
    await tokenizer.save_pretrained(folder)
    const text = await readFile(join(folder, 'tokenizer_config.json'), 'utf8')
    expect(text).toContain('"model_max_length": 1000000000000000019884624838656')
  })

  test('a folder that cannot be written', async () => {
    const tokenizer = await RobertaTokenizer.from_pretrained(SMALL)
    await writeFile(join(folder, 'file'), '')
    const saved = tokenizer.save_pretrained(join(folder, 'file'))
    await expect(saved).rejects.toThrow(TokenizerError)
    await expect(saved).rejects.toThrow(`cannot save the tokenizer in ${join(folder, 'file')}`)
  })
})

describe('writeAtomically', () => {
  test('a failure leaves the old file and no temporary one', async () => {
    const path = join(folder, 'a.txt')
    await writeFile(path, 'old')
    const failing = writeAtomically(path, async (temporary) => {
      await writeFile(temporary, 'half')
      throw new Error('disk full')
    })
    await expect(failing).rejects.toThrow('disk full')
    expect(await readFile(path, 'utf8')).toBe('old')
    expect(await readdir(folder)).toEqual(['a.txt'])
  })

  test('replaces the file in one step', async () => {
    const path = join(folder, 'a.txt')
    await writeFile(path, 'old')
    await chmod(path, 0o600)
    await writeAtomically(path, async (temporary) => {
      await writeFile(temporary, 'new')
      expect(await readFile(path, 'utf8')).toBe('old')
    })
    expect(await readFile(path, 'utf8')).toBe('new')
    expect(existsSync(path)).toBe(true)
  })
})
