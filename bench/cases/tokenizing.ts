/** Texts to ids: a batch as padded typed arrays, and one short text. */

import { RobertaTokenizer } from 'robertorch'

import type { Turn } from '../protocol.js'
import type { Session } from '../session.js'
import type { Case, Worker, WorkOf } from './case.js'

export const tokenizingCases: readonly Case<WorkOf<'tokenize' | 'tokenizeShort'>>[] = [
  { name: 'tokenize a batch', work: { work: 'tokenize', times: 3 } },
  { name: 'tokenize a short text', work: { work: 'tokenizeShort', times: 5 } },
]

/** As on the Python side. */
const blockSize = 200
const shortText = 'The quick brown fox jumps over the lazy dog.'

const tokenizers = new WeakMap<Session, Promise<RobertaTokenizer>>()

async function tokenizerOf(session: Session) {
  const { texts, tokenizer: folder } = await session.texts()
  const tokenizer = tokenizers.get(session) ?? RobertaTokenizer.from_pretrained(folder)
  tokenizers.set(session, tokenizer)
  return { texts, tokenizer: await tokenizer }
}

/** What both sides compare: the sum of all ids, and how many tokens there are. */
const sum = (values: Iterable<number | bigint>) => {
  let total = 0
  for (const value of values) total += Number(value)
  return total
}

export const tokenize: Worker<WorkOf<'tokenize'>, Turn> = async (session, { times }) => {
  const { texts, tokenizer } = await tokenizerOf(session)
  const milliseconds: number[] = []
  let values: number[] = []
  for (let i = 0; i < times; i++) {
    const started = performance.now()
    const { input_ids, attention_mask } = await tokenizer(texts, {
      padding: true,
      truncation: true,
      max_length: 512,
      return_tensors: 'np',
    })
    milliseconds.push(performance.now() - started)
    values = [sum(input_ids.data), sum(attention_mask.data)]
  }
  return { milliseconds, values, tokens: values[1] }
}

export const tokenizeShort: Worker<WorkOf<'tokenizeShort'>, Turn> = async (session, { times }) => {
  const { tokenizer } = await tokenizerOf(session)
  const milliseconds: number[] = []
  let ids: number[] = []
  for (let block = 0; block < times; block++) {
    const started = performance.now()
    for (let i = 0; i < blockSize; i++) ids = (await tokenizer(shortText)).input_ids
    milliseconds.push((performance.now() - started) / blockSize)
  }
  return { milliseconds, values: [sum(ids), ids.length], tokens: ids.length }
}
