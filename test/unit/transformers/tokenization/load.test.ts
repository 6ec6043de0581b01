import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ArgumentError, TokenizerError } from '../../../../lib/errors.js'
import { RobertaTokenizer } from '../../../../lib/transformers/tokenization/roberta-tokenizer.js'
import { SMALL } from './golden.js'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tokenizer-'))
})
afterEach(() => rm(folder, { recursive: true }))

const copy = async (...names: string[]) => {
  for (const name of names) await cp(join(SMALL, name), join(folder, name))
}
const write = (name: string, content: unknown) =>
  writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
const TEXT = 'To be, or not to <mask>: 👍🏽 naïve'

describe('files', () => {
  test('vocab.json with merges.txt gives what tokenizer.json gives', async () => {
    await copy('vocab.json', 'merges.txt')
    const fromVocabulary = await RobertaTokenizer.from_pretrained(folder)
    const fromDefinition = await RobertaTokenizer.from_pretrained(SMALL)
    const options = { return_offsets_mapping: true } as const
    expect({ ...(await fromVocabulary(TEXT, options)) }).toEqual({ ...(await fromDefinition(TEXT, options)) })
    expect(fromVocabulary.model_max_length).toBe(1e30)
    expect(fromDefinition.model_max_length).toBe(512)
  })

  test('special_tokens_map.json names the special tokens of an older folder', async () => {
    await copy('tokenizer.json')
    await write('special_tokens_map.json', {
      pad_token: { content: '<unk>', lstrip: false, rstrip: false, normalized: false, single_word: false },
      additional_special_tokens: ['<extra>'],
    })
    const tokenizer = await RobertaTokenizer.from_pretrained(folder)
    expect(tokenizer.pad_token_id).toBe(3)
    expect(tokenizer.additional_special_tokens).toEqual(['<extra>'])
    expect(tokenizer.length).toBe(2049)
    expect(await tokenizer.encode('a<extra>', { add_special_tokens: false })).toContain(2048)
  })

  test('added_tokens.json and added_tokens_decoder add tokens under their ids', async () => {
    await copy('vocab.json', 'merges.txt')
    await write('added_tokens.json', { '<b>': 2049, '<a>': 2048 })
    const legacy = await RobertaTokenizer.from_pretrained(folder)
    expect(legacy.convert_tokens_to_ids(['<a>', '<b>'])).toEqual([2048, 2049])
    await write('tokenizer_config.json', { added_tokens_decoder: { 2048: { content: '<c>', lstrip: true } } })
    const current = await RobertaTokenizer.from_pretrained(folder)
    expect(await current.tokenize('x <c>')).toEqual(['x', ' <c>'])
    expect(current.convert_tokens_to_ids('<a>')).toBe(current.unk_token_id)
  })

  test('the caller’s options come before the files', async () => {
    const tokenizer = await RobertaTokenizer.from_pretrained(SMALL, {
      model_max_length: 7,
      padding_side: 'left',
      mask_token: '<unk>',
    })
    expect([tokenizer.model_max_length, tokenizer.padding_side, tokenizer.mask_token_id]).toEqual([
      7,
      'left',
      3,
    ])
    const { input_ids } = await tokenizer(['a', 'one and two'], { padding: true })
    expect(input_ids[0]?.[0]).toBe(tokenizer.pad_token_id)
  })

  test('truncation and padding inside tokenizer.json are not applied unless asked, as in Python', async () => {
    await copy('tokenizer.json')
    const definition = JSON.parse(await readFile(join(SMALL, 'tokenizer.json'), 'utf8'))
    definition.truncation = { max_length: 3, strategy: 'LongestFirst', stride: 0, direction: 'Left' }
    definition.padding = {
      strategy: { Fixed: 50 },
      direction: 'Left',
      pad_id: 1,
      pad_type_id: 0,
      pad_token: '<pad>',
    }
    await write('tokenizer.json', definition)
    const tokenizer = await RobertaTokenizer.from_pretrained(folder)
    const plain = await RobertaTokenizer.from_pretrained(SMALL)
    expect(await tokenizer.encode('one two three')).toEqual(await plain.encode('one two three'))
    expect([tokenizer.padding_side, tokenizer.truncation_side]).toEqual(['left', 'left'])
  })
})

describe('damaged or missing files', () => {
  const load = (...[options]: [object?]) => RobertaTokenizer.from_pretrained(folder, options)

  test('a folder without a tokenizer names the folder and the files looked for', async () => {
    await expect(load()).rejects.toThrow(TokenizerError)
    await expect(load()).rejects.toThrow(
      `no tokenizer in ${folder}: looked for tokenizer.json, or vocab.json with merges.txt (vocab.json is missing)`,
    )
    await copy('vocab.json')
    await expect(load()).rejects.toThrow('(merges.txt is missing)')
    await expect(RobertaTokenizer.from_pretrained('no/such/folder')).rejects.toThrow(
      'no such folder: no/such/folder',
    )
    await expect(RobertaTokenizer.from_pretrained(join(SMALL, 'vocab.json'))).rejects.toThrow('not a folder')
  })

  test.each([
    ['cut off', '{"model": {"voc', 'tokenizer.json is damaged'],
    ['no object', '[]', 'must hold a JSON object'],
    ['another format', '{"a": 1}', 'it has no model with a vocab'],
    ['an unknown model', '{"model": {"type": "Odd", "vocab": {}}, "added_tokens": []}', 'cannot be read'],
  ])('tokenizer.json: %s', async (_, content, message) => {
    await write('tokenizer.json', content)
    await expect(load()).rejects.toThrow(TokenizerError)
    await expect(load()).rejects.toThrow(message)
  })

  test('an unknown post-processor is refused, not ignored', async () => {
    const definition = JSON.parse(await readFile(join(SMALL, 'tokenizer.json'), 'utf8'))
    await write('tokenizer.json', { ...definition, post_processor: { type: 'Odd' } })
    await expect(load()).rejects.toThrow('post_processor of type "Odd" is not supported')
    await write('tokenizer.json', {
      ...definition,
      post_processor: { ...definition.post_processor, cls: '<s>' },
    })
    await expect(load()).rejects.toThrow("the post_processor's cls must be [token, id]")
  })

  test('merges.txt with a broken line', async () => {
    await copy('vocab.json')
    await write('merges.txt', '#version: 0.2\na b\na b c\n')
    await expect(load()).rejects.toThrow('merge 2 must be two tokens, got "a b c"')
  })

  test('merges.txt that does not fit vocab.json', async () => {
    await copy('vocab.json')
    await write('merges.txt', 'zzzz qqqq\n')
    await expect(load()).rejects.toThrow(TokenizerError)
  })

  test('wrong settings name the value and where it stands', async () => {
    await copy('tokenizer.json')
    await write('tokenizer_config.json', { padding_side: 'middle' })
    await expect(load()).rejects.toThrow(`${folder}: padding_side must be 'left' or 'right', got "middle"`)
    await write('tokenizer_config.json', '{')
    await expect(load()).rejects.toThrow('tokenizer_config.json is damaged')
    await write('tokenizer_config.json', { pad_token: 5 })
    await expect(load()).rejects.toThrow('pad_token must be a token')
  })

  test('unknown options are refused', async () => {
    await expect(load({ use_fast: true })).rejects.toThrow(TokenizerError)
    await copy('tokenizer.json')
    await expect(load({ use_fast: true })).rejects.toThrow(ArgumentError)
    await expect(load({ use_fast: true })).rejects.toThrow("unknown tokenizer option 'use_fast'")
    await expect(load({ model_max_length: -1 })).rejects.toThrow(ArgumentError)
  })
})
