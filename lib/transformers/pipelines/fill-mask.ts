/** The tokens behind the mask. */

import { ArgumentError } from '../../errors.js'
import { float32 } from '../../torch/dtype.js'
import { torch } from '../../torch/index.js'
import { no_grad, scope } from '../../torch/modes.js'
import type { Tensor } from '../../torch/tensor.js'
import type { MaskedLMOutput } from '../modeling/outputs.js'
import { checkOptions } from '../tokenization/options.js'
import type { ModelRow } from './model-rows.js'
import { Pipeline, type PipelineParts, type Prepared } from './pipeline.js'
import type { RunOptions } from './run-options.js'
import { targetIds } from './target-ids.js'
import { checkText, rowsOfTexts, TOKENIZE_RULES, type TokenizeOptions } from './texts.js'
import { Turns } from './turns.js'

export interface FillMaskOptions {
  /** How many tokens, the likeliest first. Default 5. */
  top_k?: number
  /** Only these tokens; of a word that is no token its first one counts, with a warning. */
  targets?: string | readonly string[]
  /** Options of the tokenizer. */
  tokenizer_kwargs?: TokenizeOptions
}

/** A token for a mask, and the text with it. */
export interface FilledMask {
  score: number
  token: number
  token_str: string
  sequence: string
}

interface Settings {
  tokenize: TokenizeOptions
  top_k: number
  target_ids: readonly number[] | undefined
}

/** By mask the likeliest tokens. */
interface Guesses {
  scores: number[][]
  tokens: number[][]
}

interface Types {
  input: string
  answer: FilledMask[] | FilledMask[][]
  options: FillMaskOptions
  settings: Settings
  context: readonly number[]
  outputs: MaskedLMOutput
  kept: Guesses
}

type Options = FillMaskOptions & RunOptions

export interface FillMaskPipeline {
  /** @typeParam Answer to one text: `FilledMask[][]`, an array for each mask, where it has several */
  <Answer extends Types['answer'] = FilledMask[]>(
    inputs: string | readonly [string],
    options?: Options,
  ): Promise<Answer>
  <Answer extends Types['answer'] = FilledMask[]>(
    inputs: readonly string[],
    options?: Options,
  ): Promise<Answer[]>
}

/**
 * transformers FillMaskPipeline, for models with a masked language modelling head: one text is answered by `[{ score,
 * token, token_str, sequence }]`, with several masks by such an array for each; an array by an answer for each, an
 * array of one text like that text.
 */
export class FillMaskPipeline extends Pipeline<Types> {
  static readonly task = 'fill-mask'
  static readonly heads = ['masked-lm'] as const
  static readonly autoClass = 'AutoModelForMaskedLM'
  static readonly optionRules = {
    top_k: [
      (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0,
      'a whole number, 0 or more',
    ] as const,
    targets: [
      (value: unknown) => typeof value === 'string' || Array.isArray(value),
      'a word or an array of words',
    ] as const,
    tokenizer_kwargs: [
      (value: unknown) => typeof value === 'object',
      'an object of options of the tokenizer',
    ] as const,
  }

  constructor(parts: PipelineParts<MaskedLMOutput> & Options) {
    super(parts)
    if (this.tokenizer.mask_token_id !== null) return
    throw new ArgumentError('fill-mask needs a tokenizer with a mask token', {
      hint: "give it one: tokenizer.add_special_tokens({ mask_token: '<mask>' })",
    })
  }

  protected override get outputsPerToken(): number {
    return this.model.config.vocab_size
  }

  protected override async call(inputs: string | readonly string[], options: Options = {}): Promise<unknown> {
    const answers = await super.call(inputs, options)
    return Array.isArray(inputs) && inputs.length === 1 ? (answers as unknown[])[0] : answers
  }

  override stream<Answer extends Types['answer'] = FilledMask[]>(
    inputs: Iterable<string> | AsyncIterable<string>,
    options?: Options,
  ): AsyncGenerator<Answer, void, undefined> {
    return super.stream(inputs, options) as AsyncGenerator<Answer, void, undefined>
  }

  protected override checkInput(input: string, where: string): void {
    checkText(input, where)
  }

  protected override async settle({ top_k, targets, tokenizer_kwargs }: FillMaskOptions): Promise<Settings> {
    const tokenize = tokenizer_kwargs ?? {}
    checkOptions(tokenize, TOKENIZE_RULES, 'tokenizer_kwargs')
    const target_ids =
      targets === undefined || targets === null ? undefined : await targetIds(this.tokenizer, targets)
    const wanted = top_k ?? 5
    const { vocab_size } = this.model.config
    if (target_ids === undefined && wanted > vocab_size) {
      throw new ArgumentError(`top_k is ${wanted}, and the model knows ${vocab_size} tokens`)
    }
    return { tokenize, top_k: Math.min(wanted, target_ids?.length ?? wanted), target_ids }
  }

  protected override async preprocess(
    texts: readonly string[],
    { tokenize }: Settings,
    nameOf: (i: number) => string,
  ): Promise<Prepared<readonly number[]>[]> {
    const prepared = await rowsOfTexts(this.tokenizer, texts, tokenize)
    return prepared.map(({ rows }, i) => {
      const ids = rows[0]?.input_ids ?? []
      if (this.#masksOf(ids).length === 0) {
        throw new ArgumentError(
          `No mask_token (${this.tokenizer.mask_token}) found on the input: ${nameOf(i)}`,
          {
            hint: `write ${this.tokenizer.mask_token} where a token is to be guessed; truncation may have cut it off`,
          },
        )
      }
      return { rows, context: ids }
    })
  }

  #masksOf(ids: readonly number[]): number[] {
    const { mask_token_id } = this.tokenizer
    return ids.flatMap((id, position) => (id === mask_token_id ? position : []))
  }

  protected override async keep(
    { logits }: MaskedLMOutput,
    rows: readonly ModelRow[],
    { top_k, target_ids }: Settings,
  ): Promise<Guesses[]> {
    const turns = new Turns()
    const guesses: Guesses[] = []
    for (const [i, { input_ids }] of rows.entries()) {
      await turns.pause()
      guesses.push(
        no_grad(() => scope(() => best(logits.select(0, i), this.#masksOf(input_ids), top_k, target_ids))),
      )
    }
    return guesses
  }

  protected override async postprocess(
    input_ids: readonly number[],
    [guesses = { scores: [], tokens: [] }]: readonly Guesses[],
  ): Promise<FilledMask[] | FilledMask[][]> {
    const { tokenizer } = this
    const masks = this.#masksOf(input_ids)
    const isSingle = masks.length === 1
    const filled = guesses.tokens.flatMap((tokens, mask) =>
      tokens.map((token) =>
        input_ids.with(masks[mask] as number, token).filter((id) => id !== tokenizer.pad_token_id),
      ),
    )
    // With several masks the others must stay visible.
    const sequences = await tokenizer.batch_decode(filled, { skip_special_tokens: isSingle })
    const token_strs = await tokenizer.batch_decode(guesses.tokens.flat().map((token) => [token]))
    const all = guesses.tokens.flat().map((token, i) => ({
      score: guesses.scores.flat()[i] as number,
      token,
      token_str: token_strs[i] as string,
      sequence: sequences[i] as string,
    }))
    const count = guesses.tokens[0]?.length ?? 0
    const byMask = masks.map((_, mask) => all.slice(mask * count, (mask + 1) * count))
    return isSingle ? (byMask[0] as FilledMask[]) : byMask
  }

  protected override truncationHint(limit: number): string {
    return `pass tokenizer_kwargs: { truncation: true, max_length: ${limit} }`
  }
}

/** @param logits (tokens, vocab_size) of one row */
function best(
  logits: Tensor,
  masks: readonly number[],
  top_k: number,
  target_ids: readonly number[] | undefined,
): Guesses {
  const { device } = logits
  const indices = (ids: readonly number[]) => torch.tensor(ids, { dtype: torch.int64, device })
  const all = logits.index_select(0, indices(masks)).softmax(-1)
  const probabilities = target_ids === undefined ? all : all.index_select(1, indices(target_ids))
  const [values, places] = probabilities.topk(top_k)
  const tokens = places.tolist() as number[][]
  return {
    scores: values.to(float32).tolist() as number[][],
    tokens: target_ids === undefined ? tokens : tokens.map((row) => row.map((i) => target_ids[i] as number)),
  }
}
