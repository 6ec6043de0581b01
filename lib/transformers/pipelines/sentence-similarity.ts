/** How alike texts are. */

import { ArgumentError } from '../../errors.js'
import type { BaseModelOutput } from '../modeling/outputs.js'
import { type SimilarityName, similarityNames, vectorSimilarity } from '../sentence-transformers/index.js'
import { oneOf } from '../tokenization/options.js'
import type { Prepared } from './pipeline.js'
import type { RunOptions } from './run-options.js'
import { SENTENCE_RULES, type SentenceOptions, SentencePipeline, type SentenceSettings } from './sentences.js'
import { checkText } from './texts.js'

/** A text, and those that it is compared with; names of the hub's task. */
export interface SentenceSimilarityInput {
  readonly source_sentence: string
  readonly sentences: readonly string[]
}

export interface SentenceSimilarityOptions extends SentenceOptions {
  /** How two vectors are compared. Default: as the model's folder says, otherwise `'cosine'`. */
  similarity_fn_name?: SimilarityName
}

interface Settings extends SentenceSettings {
  readonly similarity: SimilarityName
}

interface Types {
  input: SentenceSimilarityInput
  answer: number[]
  options: SentenceSimilarityOptions
  settings: Settings
  context: undefined
  outputs: BaseModelOutput
  kept: Float32Array
}

export interface SentenceSimilarityPipeline {
  <const Input extends SentenceSimilarityInput | readonly SentenceSimilarityInput[]>(
    inputs: Input,
    options?: SentenceSimilarityOptions & RunOptions,
  ): Promise<Input extends readonly unknown[] ? number[][] : number[]>
}

/**
 * The hub's task sentence-similarity: a number for each of `sentences`, the higher the more it is like
 * `source_sentence`. Reference: `SentenceTransformer.similarity`.
 */
export class SentenceSimilarityPipeline extends SentencePipeline<Types> {
  static readonly task = 'sentence-similarity'
  static readonly optionRules = { ...SENTENCE_RULES, similarity_fn_name: oneOf(...similarityNames) }

  protected override checkInput(input: SentenceSimilarityInput, where: string): void {
    const { source_sentence, sentences } = (input ?? {}) as Partial<SentenceSimilarityInput>
    checkText(source_sentence, `${where}.source_sentence`)
    if (!Array.isArray(sentences)) {
      throw new ArgumentError(`${where}.sentences must be an array of texts, got ${typeof sentences}`)
    }
    for (const [i, sentence] of sentences.entries()) checkText(sentence, `${where}.sentences[${i}]`)
  }

  protected override async settle(options: SentenceSimilarityOptions): Promise<Settings> {
    const settings = await this.sentenceSettings(options)
    const { similarity_fn_name: similarity = settings.modules.similarity_fn_name } = options
    return { ...settings, similarity }
  }

  protected override async preprocess(
    inputs: readonly SentenceSimilarityInput[],
    settings: Settings,
  ): Promise<Prepared<undefined>[]> {
    const texts = inputs.map(({ source_sentence, sentences }) => [source_sentence, ...sentences])
    const rows = await this.rowsOfSentences(texts.flat(), settings)
    return texts.map(({ length }) => ({ rows: rows.splice(0, length), context: undefined }))
  }

  protected override postprocess(
    _context: undefined,
    [source, ...others]: readonly Float32Array[],
    { similarity }: Settings,
  ): number[] {
    return others.map((other) => vectorSimilarity(similarity, source as Float32Array, other))
  }
}
