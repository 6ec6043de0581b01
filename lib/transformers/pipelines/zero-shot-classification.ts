/** Labels of the caller's choice, by a model that tells whether one text follows from another. */

import { ArgumentError } from '../../errors.js'
import type { SequenceClassifierOutput } from '../modeling/outputs.js'
import { BOOLEAN } from '../tokenization/options.js'
import { fillTemplate } from './hypothesis-template.js'
import { Pipeline, type PipelineParts, type Prepared } from './pipeline.js'
import { rowValues } from './row-values.js'
import type { RunOptions } from './run-options.js'
import { softmax } from './scores.js'
import { checkText, rowsOfTexts } from './texts.js'

export interface ZeroShotClassificationOptions {
  /** The labels: an array, or one text with commas between them. */
  candidate_labels?: string | readonly string[]
  /** The sentence that a label becomes; the label stands for `{}`. Default `'This example is {}.'`. */
  hypothesis_template?: string
  /** Whether several labels may be right: each score is then a probability of its own. Default false: they sum to 1. */
  multi_label?: boolean
}

/** The labels of a text, the likeliest first. */
export interface ZeroShotClassification {
  sequence: string
  labels: string[]
  scores: number[]
}

interface Settings {
  labels: readonly string[]
  hypotheses: readonly string[]
  multi_label: boolean
}

interface Types {
  input: string
  answer: ZeroShotClassification
  options: ZeroShotClassificationOptions
  settings: Settings
  context: string
  outputs: SequenceClassifierOutput
  kept: Float32Array
}

type Options = ZeroShotClassificationOptions & RunOptions
type Answer<Input> = Input extends string ? ZeroShotClassification : ZeroShotClassification[]

export interface ZeroShotClassificationPipeline {
  <const Input extends string | readonly string[]>(
    sequences: Input,
    candidate_labels: string | readonly string[],
    options?: Options,
  ): Promise<Answer<Input>>
  <const Input extends string | readonly string[]>(
    sequences: Input,
    options?: Options,
  ): Promise<Answer<Input>>
}

const isTexts = (value: unknown) =>
  typeof value === 'string' || (Array.isArray(value) && value.every((label) => typeof label === 'string'))

/**
 * transformers ZeroShotClassificationPipeline, for models that were trained on natural language inference (MNLI, XNLI):
 * one text is answered by `{ sequence, labels, scores }`, an array by one for each. Each label is a row for the model.
 */
export class ZeroShotClassificationPipeline extends Pipeline<Types> {
  static readonly task = 'zero-shot-classification'
  static readonly heads = ['sequence-classification'] as const
  static readonly autoClass = 'AutoModelForSequenceClassification'
  static readonly optionRules = {
    candidate_labels: [isTexts, 'an array of labels, or one text with commas between them'] as const,
    hypothesis_template: [(value: unknown) => typeof value === 'string', 'a text with {} in it'] as const,
    multi_label: BOOLEAN,
  }

  constructor(parts: PipelineParts<SequenceClassifierOutput> & Options) {
    super(parts)
    if (this.entailment_id !== -1) return
    process.emitWarning(
      "the model's label2id names no label that begins with 'entail': its last label is taken for it",
      { type: 'RobertorchWarning', code: 'ROBERTORCH_NO_ENTAILMENT' },
    )
  }

  /** The label that says that a hypothesis follows; -1, which counts from the end, where label2id names none. */
  get entailment_id(): number {
    const labels = Object.entries(this.model.config.label2id)
    return labels.find(([label]) => label.toLowerCase().startsWith('entail'))?.[1] ?? -1
  }

  protected override call(
    sequences: string | readonly string[],
    second: string | readonly string[] | Options = {},
    third: Options = {},
  ): Promise<unknown> {
    const isLabels = typeof second === 'string' || Array.isArray(second)
    const options = isLabels ? { ...third, candidate_labels: second as string[] } : (second as Options)
    return super.call(sequences, options)
  }

  protected override checkInput(input: string, where: string): void {
    if (checkText(input, where) === '')
      throw new ArgumentError(`${where} is empty: there is nothing to classify`)
  }

  protected override settle(options: ZeroShotClassificationOptions): Settings {
    const {
      candidate_labels = [],
      hypothesis_template = 'This example is {}.',
      multi_label = false,
    } = options
    const labels = typeof candidate_labels === 'string' ? parseLabels(candidate_labels) : candidate_labels
    if (labels.length === 0) {
      throw new ArgumentError('zero-shot-classification needs at least one label', {
        hint: "pass candidate_labels: ['politics', 'sports'], or 'politics, sports'",
      })
    }
    const hypotheses = labels.map((label) => fillTemplate(hypothesis_template, label))
    return { labels, hypotheses, multi_label }
  }

  protected override async preprocess(
    sequences: readonly string[],
    { hypotheses }: Settings,
  ): Promise<Prepared<string>[]> {
    const pairs = sequences.flatMap((sequence) =>
      hypotheses.map((hypothesis): [string, string] => [sequence, hypothesis]),
    )
    const prepared = await this.#tokenize(pairs)
    return sequences.map((sequence, i) => ({
      rows: prepared.slice(i * hypotheses.length, (i + 1) * hypotheses.length).flatMap(({ rows }) => rows),
      context: sequence,
    }))
  }

  /** The hypothesis is never cut; where cutting the text is not enough, nothing is, as in Python. */
  async #tokenize(pairs: readonly [string, string][]): Promise<Prepared<undefined>[]> {
    try {
      return await rowsOfTexts(this.tokenizer, pairs, { truncation: 'only_first' })
    } catch (error) {
      if (!(error instanceof ArgumentError)) throw error
      if (pairs.length === 1) return rowsOfTexts(this.tokenizer, pairs, { truncation: false })
      return (await Promise.all(pairs.map((pair) => this.#tokenize([pair])))).flat()
    }
  }

  protected override keep({ logits }: SequenceClassifierOutput): Float32Array[] {
    return rowValues(logits)
  }

  protected override postprocess(
    sequence: string,
    rows: readonly Float32Array[],
    { labels, multi_label }: Settings,
  ): ZeroShotClassification {
    const { entailment_id } = this
    const entailment = (logits: Float32Array) => logits.at(entailment_id) as number
    const contradiction = (logits: Float32Array) => logits.at(entailment_id === 0 ? -1 : 0) as number
    const scores =
      multi_label || labels.length === 1
        ? rows.map((logits) => softmax([contradiction(logits), entailment(logits)])[1] as number)
        : softmax(rows.map(entailment))
    // Of equal scores NumPy's reversed order has the later first.
    const order = [...scores.keys()].sort((a, b) => (scores[a] as number) - (scores[b] as number)).reverse()
    return {
      sequence,
      labels: order.map((i) => labels[i] as string),
      scores: order.map((i) => scores[i] as number),
    }
  }
}

const parseLabels = (labels: string): string[] =>
  labels
    .split(',')
    .map((label) => label.trim())
    .filter((label) => label !== '')
