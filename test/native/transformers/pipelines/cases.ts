/** Calls of pipelines that Python answers, too: `npm run parity` asks it now, a golden file holds its answers. */

import { pipeline } from '../../../../lib/index.js'
import { named, type PipelineCase } from './case.js'
import { spanCases } from './span-cases.js'

export const texts = [
  'What a film! I laughed, I cried, and I would see it again.',
  'no',
  '',
  'The plot is thin, the jokes are old 🙈 and the ending was written by somebody in a hurry.',
  '  Blanks   and\nlines\tand a café, naïve; 你好，世界 and Ελλάδα.',
  'word '.repeat(30),
]
const long = 'a long text that has to be cut because the model does not take that many tokens '.repeat(12)
const truncation = { truncation: true, max_length: 40 }
const pair = { text: 'A man plays a guitar.', text_pair: 'Somebody makes music.' }

const classify = named('text-classification')
const classification = [
  classify('sentiment', 'one text', { inputs: texts[0] }),
  classify('sentiment', 'texts', { inputs: texts }),
  classify('sentiment', 'one in an array', { inputs: [texts[0]] }),
  classify('sentiment', 'none', { inputs: [] }),
  classify('sentiment', 'top_k 1', { inputs: texts[0], call: { top_k: 1 } }),
  classify('sentiment', 'top_k 2', { inputs: texts, call: { top_k: 2 } }),
  classify('sentiment', 'top_k null', { inputs: texts, call: { top_k: null } }),
  classify('sentiment', 'top_k of the pipeline', { options: { top_k: 2 }, inputs: texts }),
  classify('sentiment', 'top_k of the pipeline, one text', { options: { top_k: 2 }, inputs: texts[0] }),
  classify('sentiment', 'top_k of both', { options: { top_k: 2 }, inputs: texts[0], call: { top_k: 1 } }),
  classify('sentiment', 'sigmoid', { inputs: texts, call: { function_to_apply: 'sigmoid', top_k: null } }),
  classify('sentiment', 'none applied', { inputs: texts, call: { function_to_apply: 'none', top_k: null } }),
  classify('sentiment', 'a pair', { inputs: pair }),
  classify('sentiment', 'a pair, top_k', { inputs: pair, call: { top_k: 3 } }),
  classify('sentiment', 'pairs and texts', {
    inputs: [pair, { text: 'alone' }, { text: 'a', text_pair: '' }, 'plain'],
  }),
  classify('sentiment', 'cut', { inputs: [long, 'short'], call: truncation }),
  classify('sentiment', 'padded', {
    inputs: texts.slice(0, 3),
    call: { padding: 'max_length', max_length: 60 },
  }),
  classify('sentiment', 'without special tokens', {
    inputs: texts.slice(0, 2),
    call: { add_special_tokens: false },
  }),
  classify('score', 'sigmoid by default', { inputs: texts }),
  classify('regression', 'nothing by default', { inputs: texts }),
  classify('topics', 'sigmoid by default', { inputs: texts, call: { top_k: null } }),
  classify('topics', 'pairs', { inputs: [pair, pair] }),
  classify('topics', 'softmax', { inputs: texts, call: { top_k: null, function_to_apply: 'softmax' } }),
  classify('xlmr', 'texts', { inputs: texts }),
  { ...classify('sentiment', 'alias', { inputs: texts[0] }), task: 'sentiment-analysis' as const },
]

const choose = named('zero-shot-classification')
const candidate_labels = ['politics', 'science', 'cooking', 'sport and games']
const some = texts.filter((text) => text !== '')
const zeroShot = ['nli', 'nli-bert', 'nli-unnamed'].flatMap((model) => [
  choose(model, 'one text', { inputs: texts[0], call: { candidate_labels } }),
  choose(model, 'texts', { inputs: some, call: { candidate_labels } }),
  choose(model, 'several may be right', { inputs: some, call: { candidate_labels, multi_label: true } }),
  choose(model, 'labels with commas', {
    inputs: texts[1],
    call: { candidate_labels: 'politics, science,, cooking ' },
  }),
  choose(model, 'one label', { inputs: some, call: { candidate_labels: ['politics'] } }),
  choose(model, 'template', {
    options: { hypothesis_template: 'Das {{handelt}} von {}.' },
    inputs: texts[0],
    call: { candidate_labels },
  }),
  choose(model, 'cut', { inputs: [long, 'short'], call: { candidate_labels } }),
])

const guess = named('fill-mask')
const fillMask = [
  guess('roberta', 'one text', { inputs: 'The capital of France is <mask>.' }),
  guess('roberta', 'texts', {
    inputs: ['A <mask>', 'Some more words and a <mask> among them 🙈.', '<mask> 你好'],
  }),
  guess('roberta', 'one in an array', { inputs: ['A <mask> in an array.'] }),
  guess('roberta', 'several masks', { inputs: 'The <mask> of <mask> is <mask>.', call: { top_k: 2 } }),
  guess('roberta', 'several masks in one of several', { inputs: ['<mask> and <mask>', 'only <mask>'] }),
  guess('roberta', 'targets', {
    inputs: 'The <mask>.',
    call: { targets: ['Ġthe', 'Ġof', ' and', 'unheard-of'] },
  }),
  guess('roberta', 'a target', { inputs: ['The <mask>.', 'A <mask>.'], call: { targets: 'Ġthe' } }),
  guess('roberta', 'targets and top_k', {
    inputs: 'A <mask>.',
    call: { targets: ['Ġthe', 'Ġof', 'a'], top_k: 2 },
  }),
  guess('roberta', 'top_k of the pipeline', { options: { top_k: 3 }, inputs: 'A <mask>.' }),
  guess('roberta', 'cut', { inputs: `<mask> ${long}`, call: { tokenizer_kwargs: truncation } }),
  guess('roberta', 'padded', {
    inputs: 'A <mask> padded.',
    call: { tokenizer_kwargs: { padding: 'max_length', max_length: 20 } },
  }),
  guess('bert', 'one text', { inputs: 'The capital of France is [MASK].' }),
  guess('bert', 'texts', { inputs: ['A [MASK]', 'Several [MASK] in [MASK] here.'] }),
  guess('bert', 'targets', { inputs: 'A [MASK].', call: { targets: ['the', 'zzzzqqqq', ''] } }),
  guess('sapiens', 'residues', {
    inputs: ['QVQLVQSGAEVKKPGA*VKVSCKASGYTFT', 'EVQLVESGGGLVQPGGSLRLSC*ASGFTFSSY', 'QVQ*'],
    call: { top_k: 4 },
  }),
]

const extract = named('feature-extraction')
const features = ['roberta-base', 'bert-base'].flatMap((model) => [
  extract(model, 'one text', { inputs: texts[1] }),
  extract(model, 'texts', { inputs: texts.slice(0, 4) }),
  extract(model, 'cut', { inputs: [long], call: { truncation: true, tokenize_kwargs: { max_length: 6 } } }),
  extract(model, 'padded', {
    inputs: 'padded',
    call: { tokenize_kwargs: { padding: 'max_length', max_length: 9 } },
  }),
])

export const pipelineCases: readonly PipelineCase[] = [
  ...classification,
  ...zeroShot,
  ...fillMask,
  ...features,
  ...spanCases,
]

type AnyCall = (inputs: unknown, options: object) => Promise<unknown>

/** Answers a case; equal pipelines are made once. @param folders by model */
export class CaseRunner {
  readonly #made = new Map<string, AnyCall & Disposable>()
  readonly #folders: Record<string, string>

  constructor(folders: Record<string, string>) {
    this.#folders = folders
  }

  async answer({ task, model, options = {}, inputs, call = {} }: PipelineCase): Promise<unknown> {
    const key = JSON.stringify([task, model, options])
    const onReport = () => {} // some cases put a new head on a model
    const pipe =
      this.#made.get(key) ??
      ((await pipeline(task, this.#folders[model] as string, {
        ...options,
        onReport,
      })) as unknown as AnyCall & Disposable)
    this.#made.set(key, pipe)
    return pipe(inputs, call)
  }

  dispose(): void {
    for (const pipe of this.#made.values()) pipe[Symbol.dispose]()
  }
}
