/** Calls of the pipelines that answer with places in texts; Python's places are given in UTF-16 units. */

import { named, type PipelineCase } from './case.js'

const texts = [
  'Angela Merkel met Barack Obama in New York, and flew home to Berlin.',
  'The king 😀😀 of Ελλάδα spoke of 你好世界 and the cafe\u0301 in Zu\u0308rich 👩‍👩‍👧.\r\nA second line,\r\nand a third.',
  '',
  '   ',
  'no',
  'a\u00a0b\u200bc "quoted"-hyphened (words); e-mail@example.org & more…',
  'supercalifragilisticexpialidocious antidisestablishmentarianism',
]
const long = 'The king of Spain 😀 lives in a castle near Madrid, and his brother Juan in Toledo. '.repeat(6)
const words = ['Angela', 'Merkel', 'met', '😀', 'the', 'kings', 'of', '你好', "Rome's", 'antique', 'ruins.']

const label = named('token-classification')
const strategies = ['none', 'simple', 'first', 'average', 'max'] as const
const tokenClassification = ['ner', 'ner-bert', 'ner-xlmr'].flatMap((model) => [
  ...strategies.map((aggregation_strategy) =>
    label(model, aggregation_strategy, { inputs: texts, call: { aggregation_strategy } }),
  ),
  label(model, 'one text', { inputs: texts[0] }),
  label(model, 'one in an array', { inputs: [texts[1]], call: { aggregation_strategy: 'simple' } }),
  label(model, 'nothing ignored', { inputs: texts[5], call: { ignore_labels: [] } }),
  label(model, 'kinds ignored', {
    inputs: texts,
    call: { aggregation_strategy: 'max', ignore_labels: ['PER', 'O'] },
  }),
  label(model, 'cut', { inputs: [long, 'short'], call: { aggregation_strategy: 'simple' } }),
  label(model, 'windows', {
    inputs: [long, 'short', texts[1]],
    call: { aggregation_strategy: 'simple', stride: 0 },
  }),
  label(model, 'windows that overlap', { inputs: long, call: { aggregation_strategy: 'max', stride: 30 } }),
  label(model, 'strategy of the pipeline', {
    options: { aggregation_strategy: 'first' },
    inputs: texts[0],
  }),
])

// RoBERTa's tokenizer takes words only with add_prefix_space.
const splitWords = ['ner-bert', 'ner-xlmr'].flatMap((model) => [
  label(model, 'words', { inputs: words, call: { is_split_into_words: true } }),
  ...strategies.slice(1).map((aggregation_strategy) =>
    label(model, `several with words, ${aggregation_strategy}`, {
      inputs: [words, words.slice(3, 7)],
      call: { is_split_into_words: true, delimiter: ' + ', aggregation_strategy },
    }),
  ),
  label(model, 'windows of words', {
    inputs: [Array.from({ length: 5 }, () => words).flat()],
    call: { is_split_into_words: true, delimiter: '', aggregation_strategy: 'simple', stride: 16 },
  }),
])

const ask = named('question-answering')
const context = texts[1] as string
const question = 'Who spoke of the café?'
const asked = [
  { question: 'Who flew home?', context: texts[0] },
  { question, context },
  { question: 'Where does the king live?', context: long },
  { question: '?', context: 'Here.' },
]
const questionAnswering = ['qa', 'qa-bert', 'qa-xlmr'].flatMap((model) => [
  ask(model, 'one question', { inputs: asked[0] }),
  ask(model, 'one in an array', { inputs: [asked[1]] }),
  ask(model, 'questions', { inputs: asked, call: { max_seq_len: 70 } }),
  ask(model, 'several answers', { inputs: asked.slice(0, 3), call: { top_k: 4, max_seq_len: 60 } }),
  ask(model, 'not aligned to words', {
    inputs: asked.slice(0, 3),
    call: { align_to_words: false, top_k: 3, max_seq_len: 60 },
  }),
  ask(model, 'perhaps no answer', {
    inputs: asked.slice(0, 3),
    call: { handle_impossible_answer: true, top_k: 3, max_seq_len: 60 },
  }),
  ask(model, 'short answers', { inputs: asked.slice(0, 2), call: { max_answer_len: 1, top_k: 2 } }),
  ask(model, 'long answers', { inputs: asked[1], call: { max_answer_len: 60, top_k: 5 } }),
  ask(model, 'small windows', {
    inputs: asked[2],
    call: { max_seq_len: 40, doc_stride: 8, top_k: 4, handle_impossible_answer: true },
  }),
  ask(model, 'windows by default', { options: { max_seq_len: 64 }, inputs: asked[2], call: { top_k: 2 } }),
  ask(model, 'several questions to one text', {
    inputs: { question: [question, 'Where?', 'A longer question about nothing at all?'], context },
  }),
  ask(model, 'questions with their texts', {
    inputs: { question: [question, 'Where?'], context: [context, texts[0]] },
    call: { top_k: 2 },
  }),
])

export const spanCases: readonly PipelineCase[] = [
  ...tokenClassification,
  ...splitWords,
  { ...label('ner', 'alias', { inputs: texts[0] }), task: 'ner' },
  ...questionAnswering,
]
