import { existsSync, readFileSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { AutoTokenizer } from '../../../../lib/transformers/auto/auto-tokenizer.js'
import { BertTokenizer } from '../../../../lib/transformers/tokenization/bert-tokenizer.js'

const folder = fileURLToPath(new URL('../../../../../shared/data/all-minilm-l6-v2', import.meta.url))
const present = existsSync(folder)

interface Reference {
  text: string | [string, string]
  input_ids: number[]
  token_type_ids: number[]
  attention_mask: number[]
}

describe.skipIf(!present)(`all-MiniLM-L6-v2${present ? '' : ' (skipped: no ../shared/data)'}`, () => {
  test('Python’s encodings, from tokenizer.json and from vocab.txt', async () => {
    const { texts } = JSON.parse(readFileSync(join(folder, 'reference.json'), 'utf8')) as {
      texts: Reference[]
    }
    expect(texts.length).toBeGreaterThan(10)
    const legacy = await mkdtemp(join(tmpdir(), 'tokenizer-'))
    await cp(join(folder, 'vocab.txt'), join(legacy, 'vocab.txt'))
    const tokenizers = [
      await AutoTokenizer.from_pretrained(folder),
      await BertTokenizer.from_pretrained(legacy),
    ]
    await rm(legacy, { recursive: true })
    for (const tokenizer of tokenizers) {
      for (const { text, ...expected } of texts) {
        const [first, second] = typeof text === 'string' ? [text] : text
        const { input_ids, token_type_ids, attention_mask } = expected
        const ours = await tokenizer(first, second, { truncation: true, max_length: 256 })
        expect({ ...ours }, first.slice(0, 40)).toEqual({ input_ids, token_type_ids, attention_mask })
      }
    }
  })

  test('its tokenizer.json asks for 128 tokens; only what a call asks for is done', async () => {
    const tokenizer = await AutoTokenizer.from_pretrained(folder)
    expect(tokenizer).toBeInstanceOf(BertTokenizer)
    expect((await tokenizer('short')).input_ids).toEqual([101, 2460, 102])
    expect((await tokenizer('word '.repeat(300))).input_ids).toHaveLength(302)
    const padded = await tokenizer(['a b c', 'a'], { padding: true })
    expect(padded.input_ids.map((row) => row.length)).toEqual([5, 5])
    expect((await tokenizer('word '.repeat(600), { truncation: true })).input_ids).toHaveLength(512)
  })
})
