/** Entities and answers in real texts, by real weights under new heads. */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import {
  AutoTokenizer,
  BertForQuestionAnswering,
  BertForTokenClassification,
  RobertaForTokenClassification,
  torch,
} from '../../lib/index.js'
import { packageRoot } from '../../lib/native/paths.js'
import type { AnyPreTrainedModel } from '../../lib/transformers/modeling/pretrained-model.js'
import { named, type PipelineCase } from '../../test/native/transformers/pipelines/case.js'
import { storedModels } from '../../test/native/transformers/pipelines/models.js'

const data = join(packageRoot, '..', 'shared', 'data')
const minilm = join(data, 'all-minilm-l6-v2')
const wikigold = join(data, 'wikigold', 'wikigold.conll.txt')
const xquad = join(data, 'squad', 'xquad.en.json')
const isHere = [minilm, wikigold, xquad].every((path) => existsSync(path))

const id2label = { 0: 'O', 1: 'B-PER', 2: 'I-PER', 3: 'B-LOC', 4: 'I-LOC' }

/** Saves the models with heads drawn wide, so that scores differ; returns their folders. */
export async function saveRealSpanModels(root: string): Promise<Record<string, string>> {
  if (!isHere) return {}
  torch.manual_seed(11)
  const onReport = () => {}
  const { sapiens } = storedModels as { sapiens: string }
  const models: [name: string, source: string, model: AnyPreTrainedModel][] = [
    ['minilm-ner', minilm, await BertForTokenClassification.from_pretrained(minilm, { id2label, onReport })],
    ['minilm-qa', minilm, await BertForQuestionAnswering.from_pretrained(minilm, { onReport })],
    [
      'sapiens-ner',
      sapiens,
      await RobertaForTokenClassification.from_pretrained(sapiens, { id2label, onReport }),
    ],
  ]
  const folders: Record<string, string> = {}
  for (const [name, source, model] of models) {
    for (const [parameter, tensor] of model.named_parameters()) {
      if (/^(classifier|qa_outputs)\./.test(parameter)) torch.no_grad(() => tensor.normal_(0, 0.5))
    }
    const folder = join(root, name)
    await model.save_pretrained(folder)
    await (await AutoTokenizer.from_pretrained(source)).save_pretrained(folder)
    model.dispose()
    folders[name] = folder
  }
  return folders
}

function cases(): PipelineCase[] {
  const sentences = readFileSync(wikigold, 'utf8')
    .split('\n\n')
    .map((lines) => lines.split('\n').map((line) => line.split(' ')[0] as string))
    .filter((words) => words.length > 1)
    .slice(0, 60)
  const texts = sentences.map((words, i) => words.join(i % 5 === 0 ? ' 🙂 ' : ' '))
  const paragraphs: { context: string; qas: { question: string }[] }[] = JSON.parse(
    readFileSync(xquad, 'utf8'),
  ).data.flatMap(({ paragraphs }: { paragraphs: unknown[] }) => paragraphs)
  const questions = paragraphs
    .slice(0, 16)
    .map(({ context, qas }) => ({ question: qas[0]?.question, context: `🙂 ${context}` }))
  const label = named('token-classification')
  const ask = named('question-answering')
  return [
    ...(['none', 'simple', 'first', 'average', 'max'] as const).map((aggregation_strategy) =>
      label('minilm-ner', `wikigold, ${aggregation_strategy}`, {
        inputs: texts,
        call: { aggregation_strategy },
      }),
    ),
    label('minilm-ner', 'wikigold words', {
      inputs: sentences,
      call: { aggregation_strategy: 'first', is_split_into_words: true },
    }),
    label('minilm-ner', 'wikigold in windows', {
      inputs: [texts.join('\r\n')],
      call: { aggregation_strategy: 'average', stride: 60 },
    }),
    label('sapiens-ner', 'residues', {
      inputs: ['QVQLVQSGAEVKKPGASVKVSCKASGYTFT', 'EVQLVESGGGLVQPGGSLRLSCAASGFTFSSY'],
      call: { aggregation_strategy: 'simple' },
    }),
    ask('minilm-qa', 'xquad', { inputs: questions }),
    ask('minilm-qa', 'xquad in small windows', {
      inputs: questions,
      call: { max_seq_len: 100, doc_stride: 30, top_k: 3, handle_impossible_answer: true },
    }),
    ask('minilm-qa', 'xquad, not aligned', { inputs: questions, call: { align_to_words: false, top_k: 2 } }),
  ]
}

export const realSpanCases: readonly PipelineCase[] = isHere ? cases() : []
