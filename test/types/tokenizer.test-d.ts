// Checked by `npm run typecheck`, never run.

import { expectTypeOf } from 'vitest'

import type { Int64Values, RobertaModel, RobertaTokenizer, Tensor } from '../../lib/index.js'

declare const tokenizer: RobertaTokenizer
declare const model: RobertaModel

// What comes back follows from the text and the options.
const one = await tokenizer('text')
expectTypeOf(one.input_ids).toEqualTypeOf<number[]>()
const batch = await tokenizer(['a', 'b'], { padding: true })
expectTypeOf(batch.input_ids).toEqualTypeOf<number[][]>()
const pairs = await tokenizer(['a'], ['b'], { truncation: 'only_second' })
expectTypeOf(pairs.attention_mask).toEqualTypeOf<number[][]>()
const arrays = await tokenizer('text', { return_tensors: 'np' })
expectTypeOf(arrays.input_ids).toEqualTypeOf<Int64Values>()
const tensors = await tokenizer(['a', 'b'], { padding: true, return_tensors: 'pt' })
expectTypeOf(tensors.input_ids).toEqualTypeOf<Tensor>()
const windows = await tokenizer('text', { return_overflowing_tokens: true })
expectTypeOf(windows.input_ids).toEqualTypeOf<number[][]>()

// Tensors go into a model as they are.
const output = model(tensors)
expectTypeOf(output.last_hidden_state).toEqualTypeOf<Tensor>()

// @ts-expect-error: no such option
await tokenizer('text', { pad: true })
// @ts-expect-error: no such strategy
await tokenizer('text', { truncation: 'first' })
// @ts-expect-error: a text is a string
await tokenizer(3)
// @ts-expect-error: arrays of numbers are no tensors
model(batch)
