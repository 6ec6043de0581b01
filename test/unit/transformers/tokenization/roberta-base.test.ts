import { existsSync, readFileSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { RobertaTokenizer } from '../../../../lib/transformers/tokenization/roberta-tokenizer.js'

const data = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url))
const folder = `${data}roberta-base-tokenizer`
const vectors = `${data}test-vectors/tokenizer.json`
const present = existsSync(folder) && existsSync(vectors)

interface Vector {
  name: string
  text: string
  pair?: string
  text_pair?: string
  ids: number[]
  tokens?: string[]
}

describe.skipIf(!present)(
  `published encodings of roberta-base${present ? '' : ' (skipped: no ../shared/data)'}`,
  () => {
    const read = (): Vector[] => {
      const { published, computed, computed_pairs } = JSON.parse(readFileSync(vectors, 'utf8'))
      return [...published, ...computed, ...computed_pairs]
    }

    test('all 83 are reproduced, from tokenizer.json and from vocab.json with merges.txt', async () => {
      const cases = read()
      expect(cases).toHaveLength(83)
      const legacy = await mkdtemp(join(tmpdir(), 'tokenizer-'))
      for (const name of ['vocab.json', 'merges.txt']) await cp(join(folder, name), join(legacy, name))
      const tokenizer = await RobertaTokenizer.from_pretrained(folder)
      const fromVocabulary = await RobertaTokenizer.from_pretrained(legacy)
      await rm(legacy, { recursive: true })
      for (const { text, pair, text_pair, ids, tokens } of cases) {
        const encoded = await tokenizer(text, pair ?? text_pair)
        expect(encoded.input_ids, text).toEqual(ids)
        expect(await fromVocabulary.encode(text, pair ?? text_pair, { verbose: false })).toEqual(ids)
        // Some sources publish tokens with the special ones, some without.
        const ours = tokenizer.convert_ids_to_tokens(encoded.input_ids)
        if (tokens) expect([ours, ours.slice(1, -1)]).toContainEqual(tokens)
      }
    })

    test('sizes and special tokens', async () => {
      const tokenizer = await RobertaTokenizer.from_pretrained(folder)
      expect([tokenizer.vocab_size, tokenizer.length, tokenizer.model_max_length]).toEqual([
        50265, 50265, 512,
      ])
      expect(tokenizer.special_tokens_map).toEqual({
        bos_token: '<s>',
        eos_token: '</s>',
        unk_token: '<unk>',
        sep_token: '</s>',
        pad_token: '<pad>',
        cls_token: '<s>',
        mask_token: '<mask>',
      })
      expect(tokenizer.mask_token_id).toBe(50264)
      expect(tokenizer.all_special_ids).toEqual([0, 2, 3, 1, 50264])
    })
  },
)
