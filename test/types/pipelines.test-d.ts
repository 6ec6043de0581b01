// Checked by `npm run typecheck`, never run.

import { expectTypeOf } from 'vitest'

import {
  type Answer,
  type Classification,
  type EntityGroup,
  type FilledMask,
  pipeline,
  type Tensor,
  type TokenEntity,
  type ZeroShotClassification,
} from '../../lib/index.js'

declare const texts: string[]
declare const lines: AsyncIterable<string>

// Text classification: Python's rules of nesting.
const classify = await pipeline('sentiment-analysis', 'folder')
expectTypeOf(await classify('a text')).toEqualTypeOf<Classification[]>()
expectTypeOf(await classify({ text: 'a', text_pair: 'b' })).toEqualTypeOf<Classification>()
expectTypeOf(await classify(texts)).toEqualTypeOf<Classification[]>()
expectTypeOf(await classify('a text', { top_k: 2 })).toEqualTypeOf<Classification[]>()
expectTypeOf(await classify(texts, { top_k: null })).toEqualTypeOf<Classification[][]>()
expectTypeOf(classify.stream(lines)).toEqualTypeOf<AsyncGenerator<Classification, void, undefined>>()
expectTypeOf(classify.stream(lines, { top_k: 1 })).toEqualTypeOf<
  AsyncGenerator<Classification[], void, undefined>
>()

const ranked = await pipeline('text-classification', 'folder', { top_k: 3, device: 'cpu', revision: 'main' })
expectTypeOf(await ranked(texts)).toEqualTypeOf<Classification[][]>()
expectTypeOf(await ranked('a text')).toEqualTypeOf<Classification[][]>()

// @ts-expect-error: no such option
await classify('a text', { topk: 2 })
// @ts-expect-error: a text or texts
await classify(5)
// @ts-expect-error: no such task
await pipeline('summarization', 'folder')
// @ts-expect-error: an option of another task
await pipeline('fill-mask', 'folder', { multi_label: true })

const choose = await pipeline('zero-shot-classification', 'folder')
expectTypeOf(await choose('a text', ['a', 'b'])).toEqualTypeOf<ZeroShotClassification>()
expectTypeOf(await choose(texts, { candidate_labels: 'a, b' })).toEqualTypeOf<ZeroShotClassification[]>()

const fill = await pipeline('fill-mask', 'folder', { top_k: 2 })
expectTypeOf(await fill('a <mask>')).toEqualTypeOf<FilledMask[]>()
expectTypeOf(await fill(['a <mask>'])).toEqualTypeOf<FilledMask[]>()
expectTypeOf(await fill(texts)).toEqualTypeOf<FilledMask[][]>()
expectTypeOf(await fill<FilledMask[][]>('<mask> <mask>')).toEqualTypeOf<FilledMask[][]>()

const extract = await pipeline('feature-extraction', 'folder')
expectTypeOf(await extract('a text')).toEqualTypeOf<number[][][]>()
expectTypeOf(await extract(texts, { return_tensors: true })).toEqualTypeOf<Tensor[]>()

const find = await pipeline('ner', 'folder')
expectTypeOf(await find('a text')).toEqualTypeOf<TokenEntity[]>()
expectTypeOf(await find(texts, { aggregation_strategy: 'max' })).toEqualTypeOf<EntityGroup[][]>()
expectTypeOf(await find([['a', 'b']], { is_split_into_words: true })).toEqualTypeOf<TokenEntity[][]>()
const group = await pipeline('token-classification', 'folder', { aggregation_strategy: 'simple' })
expectTypeOf(await group('a text')).toEqualTypeOf<EntityGroup[]>()
expectTypeOf(await group('a text', { aggregation_strategy: 'none' })).toEqualTypeOf<TokenEntity[]>()
expectTypeOf(group.stream(lines)).toEqualTypeOf<AsyncGenerator<EntityGroup[], void, undefined>>()
// @ts-expect-error: no such strategy
await find('a text', { aggregation_strategy: 'last' })

const ask = await pipeline('question-answering', 'folder')
declare const questions: { question: string; context: string }[]
expectTypeOf(await ask('Who?', 'a text')).toEqualTypeOf<Answer>()
expectTypeOf(await ask({ question: 'Who?', context: 'a text' })).toEqualTypeOf<Answer>()
expectTypeOf(await ask(questions)).toEqualTypeOf<Answer[]>()
expectTypeOf(await ask(questions, { top_k: 3 })).toEqualTypeOf<(Answer | Answer[])[]>()
expectTypeOf(await ask({ question: texts, context: 'a text' })).toEqualTypeOf<Answer[]>()

const embed = await pipeline('sentence-embedding', 'folder')
expectTypeOf(await embed('a text')).toEqualTypeOf<Float32Array>()
expectTypeOf(await embed(texts, { pooling: ['cls', 'mean'] })).toEqualTypeOf<Float32Array[]>()
const compare = await pipeline('sentence-similarity', 'folder')
expectTypeOf(await compare({ source_sentence: 'a', sentences: texts })).toEqualTypeOf<number[]>()
