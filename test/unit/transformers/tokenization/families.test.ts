import { readFileSync } from 'node:fs'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { TokenizerError } from '../../../../lib/errors.js'
import type {
  PreTrainedTokenizer,
  TokenizerClass,
} from '../../../../lib/transformers/tokenization/pretrained-tokenizer.js'
import { answer, FAMILIES, type FamilyName, inputsOf, readFamilies } from './golden.js'

const { texts, families } = readFamilies()
const names = Object.keys(FAMILIES) as FamilyName[]

let temporary: string
beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'tokenizer-'))
})
afterAll(() => rm(temporary, { recursive: true }))

/** The table of characters is compared through what it does. */
function withoutTable(definition: Record<string, unknown>) {
  const normalizer = definition.normalizer as { normalizers?: Record<string, unknown>[] }
  for (const part of normalizer.normalizers ?? []) delete part.precompiled_charsmap
  return definition
}

describe.each(names)('%s', async (name) => {
  const { folder } = FAMILIES[name]
  const type: TokenizerClass<PreTrainedTokenizer> & Pick<typeof PreTrainedTokenizer, 'from_pretrained'> =
    FAMILIES[name].type
  const golden = families[name]
  const tokenizer = await type.from_pretrained(folder)
  const options = { return_offsets_mapping: true, verbose: false, offset_unit: 'codepoint' } as const
  const encode = async (of: PreTrainedTokenizer) => {
    const encoded = await of(texts, options)
    return texts.map((_, i) => [
      encoded.input_ids[i],
      encoded.offset_mapping?.[i]?.flat(),
      encoded.word_ids(i),
    ])
  }

  test('ids, offsets and word ids are Python’s', async () => {
    expect(golden.encodings.length).toBeGreaterThan(350)
    expect(await encode(tokenizer)).toEqual(golden.encodings)
  })

  test('decoding is Python’s', async () => {
    const ids = golden.encodings.map(([row]) => row)
    expect(await tokenizer.batch_decode(ids)).toEqual(golden.decoded)
    expect(await tokenizer.batch_decode(ids, { skip_special_tokens: true })).toEqual(golden.skipped)
    // Unigram's tokens of what it does not know are the text itself.
    const encoded = await tokenizer(texts, options)
    const joined = texts.map((_, i) => tokenizer.convert_tokens_to_string(encoded.tokens(i)))
    expect(joined).toEqual(golden.joined)
  })

  test('special tokens are Python’s', () => {
    expect(tokenizer.special_tokens_map).toEqual(golden.special_tokens_map)
    expect(tokenizer.all_special_ids).toEqual(golden.all_special_ids)
  })

  test('the saved tokenizer.json is Python’s, to the last bit of the scores, and answers the same', async () => {
    const saved = join(temporary, name)
    await tokenizer.save_pretrained(saved)
    const definition = JSON.parse(readFileSync(join(saved, 'tokenizer.json'), 'utf8'))
    expect(withoutTable(definition)).toEqual(golden.definition)
    const again = await type.from_pretrained(saved)
    expect(await encode(again)).toEqual(golden.encodings)
    expect(again.special_tokens_map).toEqual(golden.special_tokens_map)
  })

  test.each(golden.cases)('$name', async (expected) => {
    const loaded = await type.from_pretrained(folder, expected.load)
    const inputs = inputsOf(texts, expected.inputs, expected.options)
    const ours = await answer(loaded, inputs, expected.options)
    const { fields, word_ids, sequence_ids, tokens, mappings } = expected
    expect(ours).toEqual({ fields, word_ids, sequence_ids, tokens, ...(mappings && { mappings }) })
  })
})

describe('vocab.txt', () => {
  const load = async (text: string) => {
    await writeFile(join(temporary, 'vocab.txt'), text)
    return FAMILIES.bert.type.from_pretrained(temporary)
  }
  beforeEach(() => rm(join(temporary, 'tokenizer.json'), { force: true }))

  test('lines end as in Python; of a repeated token the last line counts', async () => {
    const tokenizer = await load('[UNK]\r\n[CLS]\n[SEP]\r[PAD]\n[MASK]\na\nb\na\n__proto__\n7')
    expect(tokenizer.convert_tokens_to_ids(['[CLS]', '[PAD]', 'a', 'b', '7'])).toEqual([1, 3, 7, 6, 9])
    expect((await tokenizer('A b 7 c')).input_ids).toEqual([1, 7, 6, 9, 0, 2])
  })

  test('special tokens that it lacks get the next ids', async () => {
    const tokenizer = await load('[UNK]\na\n##b\n')
    expect(tokenizer.get_added_vocab()).toEqual({
      '[UNK]': 0,
      '[SEP]': 3,
      '[PAD]': 4,
      '[CLS]': 5,
      '[MASK]': 6,
    })
    expect((await tokenizer('ab', 'a')).input_ids).toEqual([5, 1, 2, 3, 1, 3])
  })

  test('nothing in it, or no unknown token', async () => {
    await expect(load('')).rejects.toThrow('vocab.txt holds no tokens')
    const tokenizer = await load('[CLS]\n[SEP]\na\n')
    const tokenized = tokenizer('a b')
    await expect(tokenized).rejects.toThrow(TokenizerError)
    await expect(tokenized).rejects.toThrow('Missing [UNK] token from the vocabulary')
  })
})

test('vocab.txt alone is enough for BERT', async () => {
  const { type, folder } = FAMILIES.bert
  await cp(join(folder, 'vocab.txt'), join(temporary, 'vocab.txt'))
  const tokenizer = await type.from_pretrained(temporary)
  const encoded = await tokenizer(texts, { verbose: false })
  expect(encoded.input_ids).toEqual(families.bert.encodings.map(([ids]) => ids))
})
