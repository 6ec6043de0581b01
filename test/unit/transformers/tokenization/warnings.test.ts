import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { RobertaTokenizer } from '../../../../lib/transformers/tokenization/roberta-tokenizer.js'
import { SMALL } from './golden.js'

const LONG = 'word '.repeat(600)

describe('warnings', () => {
  const emitted: [string, object][] = []
  const codes = () => emitted.map(([, options]) => (options as { code: string }).code)

  beforeEach(() => {
    emitted.length = 0
    vi.spyOn(process, 'emitWarning').mockImplementation((message, options) => {
      emitted.push([String(message), Object(options)])
    })
  })
  afterEach(() => vi.restoreAllMocks())

  test('the seed guide’s call: padded and truncated to max_length, with Python’s warnings', async () => {
    const tokenizer = await RobertaTokenizer.from_pretrained(SMALL)
    const options = {
      add_special_tokens: true,
      max_length: 16,
      pad_to_max_length: true,
      return_attention_mask: true,
    }
    const long = await tokenizer.encode_plus(LONG, options)
    expect(long.input_ids).toHaveLength(16)
    expect(long.input_ids.at(-1)).toBe(tokenizer.eos_token_id)
    const short = await tokenizer.encode_plus('one', options)
    expect(short.input_ids).toHaveLength(16)
    expect(short.attention_mask.reduce((sum, bit) => sum + bit)).toBeLessThan(16)
    expect(codes().sort()).toEqual(['ROBERTORCH_PAD_TO_MAX_LENGTH', 'ROBERTORCH_TRUNCATION_NOT_ACTIVATED'])
  })

  test('max_length alone truncates; with padding it does not', async () => {
    const tokenizer = await RobertaTokenizer.from_pretrained(SMALL)
    expect((await tokenizer('one two three four', { max_length: 4 })).input_ids).toHaveLength(4)
    const { input_ids } = await tokenizer('one two three four', { max_length: 4, padding: 'max_length' })
    expect(input_ids.length).toBeGreaterThan(4)
    await tokenizer('one two three four', { max_length: 4, padding: true })
    expect(codes()).toEqual(['ROBERTORCH_TRUNCATION_NOT_ACTIVATED', 'ROBERTORCH_MAX_LENGTH_IGNORED'])
  })

  test('a text longer than the model takes, once and only when nothing was said', async () => {
    const tokenizer = await RobertaTokenizer.from_pretrained(SMALL)
    await tokenizer(LONG, { truncation: true })
    await tokenizer(LONG, { verbose: false })
    expect(codes()).toEqual([])
    await tokenizer(LONG)
    await tokenizer(LONG)
    expect(codes()).toEqual(['ROBERTORCH_SEQUENCE_TOO_LONG'])
    expect(emitted[0]?.[0]).toMatch(/has \d+ tokens, more than the 512/)
  })

  test('without a limit there is nothing to truncate or pad to', async () => {
    const tokenizer = await RobertaTokenizer.from_pretrained(SMALL, { model_max_length: 1e30 })
    const plain = await tokenizer(LONG)
    expect((await tokenizer(LONG, { truncation: true, padding: 'max_length' })).input_ids).toEqual(
      plain.input_ids,
    )
    expect(codes().sort()).toEqual([
      'ROBERTORCH_NO_MAX_LENGTH_TO_PAD',
      'ROBERTORCH_NO_MAX_LENGTH_TO_TRUNCATE',
    ])
  })
})
