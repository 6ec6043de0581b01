/** Vectors of whole texts. */

import type { BaseModelOutput } from '../modeling/outputs.js'
import { BOOLEAN, SOME_TOKENS } from '../tokenization/options.js'
import type { Prepared } from './pipeline.js'
import type { RunOptions } from './run-options.js'
import { SENTENCE_RULES, type SentenceOptions, SentencePipeline, type SentenceSettings } from './sentences.js'
import { checkText } from './texts.js'

export interface SentenceEmbeddingOptions extends SentenceOptions {
  /** Scale the vectors to length 1. Default: as the model's folder says. */
  normalize_embeddings?: boolean
  /** Keep only so many numbers of each vector. */
  truncate_dim?: number
}

interface Settings extends SentenceSettings {
  readonly normalize: boolean
  readonly dimensions: number | undefined
}

interface Types {
  input: string
  answer: Float32Array
  options: SentenceEmbeddingOptions
  settings: Settings
  context: undefined
  outputs: BaseModelOutput
  kept: Float32Array
}

export interface SentenceEmbeddingPipeline {
  <const Input extends string | readonly string[]>(
    inputs: Input,
    options?: SentenceEmbeddingOptions & RunOptions,
  ): Promise<Input extends string ? Float32Array : Float32Array[]>
}

/**
 * What `SentenceTransformer.encode` answers, for models without a head: a vector for each text, made as the folder says
 * that sentence-transformers saved (`modules.json`: pooling, dense layers, normalization).
 */
export class SentenceEmbeddingPipeline extends SentencePipeline<Types> {
  static readonly task = 'sentence-embedding'
  static readonly optionRules = {
    ...SENTENCE_RULES,
    normalize_embeddings: BOOLEAN,
    truncate_dim: [SOME_TOKENS[0], 'a whole number of dimensions, 1 or more'] as const,
  }

  protected override checkInput(input: string, where: string): void {
    checkText(input, where)
  }

  protected override async settle(options: SentenceEmbeddingOptions): Promise<Settings> {
    const { normalize_embeddings: normalize = false, truncate_dim: dimensions } = options
    return { ...(await this.sentenceSettings(options)), normalize, dimensions }
  }

  protected override async preprocess(
    texts: readonly string[],
    settings: Settings,
  ): Promise<Prepared<undefined>[]> {
    const rows = await this.rowsOfSentences(texts, settings)
    return rows.map((row) => ({ rows: [row], context: undefined }))
  }

  protected override postprocess(
    _context: undefined,
    [vector = new Float32Array()]: readonly Float32Array[],
    { normalize, dimensions }: Settings,
  ): Float32Array {
    const kept = dimensions === undefined ? vector : vector.slice(0, dimensions)
    if (!normalize) return kept
    const length = Math.max(Math.hypot(...kept), 1e-12)
    return kept.map((value) => value / length)
  }
}
