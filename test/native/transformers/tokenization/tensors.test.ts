import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { RobertaTokenizer } from '../../../../lib/transformers/tokenization/roberta-tokenizer.js'

const SMALL = fileURLToPath(new URL('../../../fixtures/tokenizer/small', import.meta.url))
const tokenizer = await RobertaTokenizer.from_pretrained(SMALL)
const texts = ['To be, or not to be', '😀 <mask>']

test('return_tensors pt gives int64 tensors with the values of the arrays', async () => {
  const options = {
    padding: true,
    return_offsets_mapping: true,
    return_special_tokens_mask: true,
    return_length: true,
  } as const
  const plain = await tokenizer(texts, options)
  const encoded = await tokenizer(texts, { ...options, return_tensors: 'pt' })
  const columns = plain.input_ids[0]?.length
  expect(encoded.input_ids.shape).toEqual([2, columns])
  expect(String(encoded.input_ids.dtype)).toContain('int64')
  expect(encoded.input_ids.tolist()).toEqual(plain.input_ids)
  expect(encoded.attention_mask.tolist()).toEqual(plain.attention_mask)
  expect(encoded.special_tokens_mask?.tolist()).toEqual(plain.special_tokens_mask)
  expect(encoded.offset_mapping?.tolist()).toEqual(plain.offset_mapping)
  expect(encoded.length?.tolist()).toEqual(plain.length)
})

test('one text has the row axis, and encode gives the tensor alone', async () => {
  const ids = await tokenizer.encode('to be', { return_tensors: 'pt' })
  expect(ids.tolist()).toEqual([await tokenizer.encode('to be')])
})

test('tensors decode', async () => {
  const { input_ids } = await tokenizer(texts, { padding: true, return_tensors: 'pt' })
  const decoded = await tokenizer.batch_decode(input_ids, { skip_special_tokens: true })
  expect(decoded).toEqual(['To be, or not to be', '😀'])
})

test('to moves every tensor and returns the same object', async () => {
  const encoded = await tokenizer(texts, { padding: true, return_tensors: 'pt' })
  const before = encoded.input_ids.tolist()
  expect(encoded.to('cpu')).toBe(encoded)
  expect(encoded.input_ids.tolist()).toEqual(before)
  expect(Object.keys(encoded)).toEqual(['input_ids', 'attention_mask'])
})
