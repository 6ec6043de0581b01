/** What the pipelines of sentence-transformers share: texts in, a vector for each out of the model. */

import process from 'node:process'

import { ArgumentError } from '../../errors.js'
import { type HubOptions, resolveModelFolder } from '../../hub/index.js'
import { float32, int64 } from '../../torch/dtype.js'
import { torch } from '../../torch/index.js'
import { no_grad, scope } from '../../torch/modes.js'
import type { BaseModelOutput } from '../modeling/outputs.js'
import {
  type PoolingMode,
  poolingModes,
  poolingOnly,
  readSentenceFolder,
  type SentenceModules,
  sentenceEmbeddings,
  wantedSentenceModules,
} from '../sentence-transformers/index.js'
import { SOME_TOKENS } from '../tokenization/options.js'
import { type ModelRow, rowOf } from './model-rows.js'
import { Pipeline, type PipelineParts, type TaskTypes } from './pipeline.js'
import { rowValues } from './row-values.js'
import type { RunOptions } from './run-options.js'

/** How vectors of texts are made; names of `SentenceTransformer.encode`. */
export interface SentenceOptions {
  /**
   * How the tokens' vectors become one; several ways are joined. Default: what the model's folder says; where it says
   * nothing, the mean, with a warning.
   */
  pooling?: PoolingMode | readonly PoolingMode[]
  /** Tokens of a text, special ones included; longer texts are cut. Default: what the folder says. */
  max_seq_length?: number
  /** Begin each text with this. */
  prompt?: string
  /** Begin each text with one of the prompts of the model's folder. */
  prompt_name?: string
}

export interface SentenceSettings {
  readonly modules: SentenceModules
  readonly max_length: number
  readonly prompt: string
  /** Tokens of the prompt, special ones included. */
  readonly promptTokens: number
}

interface SentenceTypes extends TaskTypes {
  options: SentenceOptions
  outputs: BaseModelOutput
  /** The vector of one text. */
  kept: Float32Array
}

const aString = [(value: unknown) => typeof value === 'string', 'a string'] as const
const isMode = (value: unknown) => poolingModes.includes(value as PoolingMode)

export const SENTENCE_RULES = {
  pooling: [
    (value: unknown) => (Array.isArray(value) ? value.length > 0 && value.every(isMode) : isMode(value)),
    `one or several of ${poolingModes.map((mode) => `'${mode}'`).join(', ')}`,
  ] as const,
  max_seq_length: SOME_TOKENS,
  prompt: aString,
  prompt_name: aString,
}

/** A pipeline that reads texts as vectors. */
export abstract class SentencePipeline<T extends SentenceTypes> extends Pipeline<T> {
  static readonly heads = ['none'] as const
  static readonly autoClass = 'AutoModel'
  readonly #modules: SentenceModules | undefined
  #isWarned = false

  /** @param parts `modules`: what the model's folder says of pooling and what follows */
  constructor({
    modules,
    ...parts
  }: PipelineParts<T['outputs']> & Partial<T['options']> & RunOptions & { modules?: SentenceModules }) {
    super(parts as unknown as PipelineParts<T['outputs']> & Partial<T['options']> & RunOptions)
    this.#modules = modules
  }

  /** Reads the modules of a folder, or of a model on the hub, and where in it the transformer lies. */
  static async findParts(model: string, hub: HubOptions) {
    const folder = await resolveModelFolder(model, hub, wantedSentenceModules)
    const found = await readSentenceFolder(folder)
    return found && { subfolder: found.subfolder, parts: { modules: found.modules } }
  }

  /** @throws ArgumentError for a prompt that there is not */
  protected async sentenceSettings(options: SentenceOptions): Promise<SentenceSettings> {
    const given = this.#modules ?? this.#withoutModules(options.pooling !== undefined)
    const { pooling = given.pooling, max_seq_length = given.max_seq_length } = options
    const prompt = promptOf(given, options)
    return {
      modules: { ...given, pooling: [pooling].flat() as PoolingMode[] },
      max_length: max_seq_length ?? Math.min(this.tokenizer.model_max_length, this.maxTokens),
      prompt,
      promptTokens: given.include_prompt || prompt === '' ? 0 : await this.#tokensOf(prompt),
    }
  }

  #withoutModules(isSaid: boolean): SentenceModules {
    if (!isSaid && !this.#isWarned) {
      process.emitWarning(
        'No sentence-transformers model was found in the folder (it has no modules.json): the vectors of texts are' +
          " means of those of their tokens. Say pooling: 'mean', or another one, if that is meant.",
        { code: 'ROBERTORCH_MEAN_POOLING' },
      )
      this.#isWarned = true
    }
    return poolingOnly('mean')
  }

  async #tokensOf(prompt: string): Promise<number> {
    const ids = await this.tokenizer.encode(prompt)
    return ids.length - (this.tokenizer.all_special_ids.includes(ids.at(-1) as number) ? 1 : 0)
  }

  /** One row for each text. */
  protected async rowsOfSentences(
    texts: readonly string[],
    { modules, max_length, prompt }: SentenceSettings,
  ): Promise<ModelRow[]> {
    const written = texts.map((text) => {
      const whole = `${prompt}${text}`
      // Letter by letter, as the tokenizers' normalizer does it.
      return modules.do_lower_case ? Array.from(whole, (letter) => letter.toLowerCase()).join('') : whole
    })
    const { encodings } = await this.tokenizer.batch_encode_plus(written, { truncation: true, max_length })
    return encodings.map((encoding) => rowOf(encoding, this.tokenizer.model_input_names))
  }

  /** The vectors of a batch. */
  protected override keep(
    { last_hidden_state }: BaseModelOutput,
    rows: readonly ModelRow[],
    { modules, promptTokens }: SentenceSettings,
  ): Float32Array[] {
    const vectors = no_grad(() =>
      scope(() => {
        const { device } = last_hidden_state
        const lengths = torch.tensor(
          rows.map(({ input_ids }) => [input_ids.length]),
          { device },
        )
        const places = torch.arange(last_hidden_state.size(1), { device })
        const mask = places.lt(lengths).to({ dtype: int64 }) // (batch, tokens)
        const embeddings = sentenceEmbeddings(modules, last_hidden_state, mask, promptTokens)
        return rowValues(embeddings.to({ dtype: float32 }))
      }),
    )
    // Each of its own: whoever keeps one vector must not keep the batch.
    return vectors.map((vector) => vector.slice())
  }
}

function promptOf({ prompts, default_prompt_name }: SentenceModules, options: SentenceOptions): string {
  const { prompt, prompt_name = default_prompt_name } = options
  if (prompt !== undefined) return prompt
  if (prompt_name === undefined) return ''
  const named = Object.hasOwn(prompts, prompt_name) ? prompts[prompt_name] : undefined
  if (named !== undefined) return named
  throw new ArgumentError(`the model has no prompt named '${prompt_name}'`, {
    hint: `it has ${Object.keys(prompts).join(', ') || 'none'}; prompt: '…' gives one`,
  })
}
