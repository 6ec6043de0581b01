/** What a model makes of each token. */

import { ArgumentError } from '../../errors.js'
import { no_grad, scope } from '../../torch/modes.js'
import type { Tensor } from '../../torch/tensor.js'
import type { Head } from '../modeling/network.js'
import { BOOLEAN, checkOptions, ENCODE_RULES } from '../tokenization/options.js'
import type { ModelRow } from './model-rows.js'
import { Pipeline, type Prepared } from './pipeline.js'
import type { RunOptions } from './run-options.js'
import { checkText, rowsOfTexts, TOKENIZE_RULES, type TokenizeOptions } from './texts.js'

export interface FeatureExtractionOptions {
  /** Cut texts that are too long. */
  truncation?: TokenizeOptions['truncation']
  /** Further options of the tokenizer. */
  tokenize_kwargs?: TokenizeOptions
  /** Answer tensors instead of arrays; the caller disposes them. */
  return_tensors?: boolean
}

interface Settings {
  tokenize: TokenizeOptions
  return_tensors: boolean
}

/** The model's first output for one text: (1, tokens, hidden); of a classifier its logits (1, labels). */
export type Features = number[][][] | number[][]

interface Types {
  input: string
  answer: Features | Tensor
  options: FeatureExtractionOptions
  settings: Settings
  context: undefined
  outputs: { readonly 0: Tensor }
  kept: Tensor
}

type Options = FeatureExtractionOptions & RunOptions
type Answer<Given, Defaults> = Defaults & Given extends { return_tensors: true } ? Tensor : number[][][]

export interface FeatureExtractionPipeline<Defaults extends object = object> {
  <const Input extends string | readonly string[], const Given extends Options = Record<never, never>>(
    inputs: Input,
    options?: Given,
  ): Promise<Input extends string ? Answer<Given, Defaults> : Answer<Given, Defaults>[]>
}

/** Heads that answer once for a whole text. */
const headsOfTexts: readonly Head[] = ['sequence-classification', 'sentence-pair', 'multiple-choice']

/**
 * transformers FeatureExtractionPipeline, for any model: one text is answered by the model's first output for it, (1,
 * tokens, hidden) for a model without a head, as nested arrays or a tensor.
 */
export class FeatureExtractionPipeline<Defaults extends object = object> extends Pipeline<Types> {
  static readonly task = 'feature-extraction'
  static readonly heads = null
  static readonly autoClass = 'AutoModel'
  static readonly optionRules = {
    truncation: ENCODE_RULES.truncation,
    tokenize_kwargs: [
      (value: unknown) => typeof value === 'object',
      'an object of options of the tokenizer',
    ] as const,
    return_tensors: BOOLEAN,
  }

  override stream<const Given extends Options = Record<never, never>>(
    inputs: Iterable<string> | AsyncIterable<string>,
    options?: Given,
  ): AsyncGenerator<Answer<Given, Defaults>, void, undefined> {
    return super.stream(inputs, options) as AsyncGenerator<Answer<Given, Defaults>, void, undefined>
  }

  protected override checkInput(input: string, where: string): void {
    checkText(input, where)
  }

  protected override settle(options: FeatureExtractionOptions): Settings {
    const { truncation, tokenize_kwargs = {}, return_tensors = false } = options
    checkOptions(tokenize_kwargs, TOKENIZE_RULES, 'tokenize_kwargs')
    if (truncation !== undefined && tokenize_kwargs.truncation !== undefined) {
      throw new ArgumentError('truncation is given twice: as an option and in tokenize_kwargs', {
        hint: 'leave one of them out',
      })
    }
    return {
      tokenize: truncation === undefined ? tokenize_kwargs : { ...tokenize_kwargs, truncation },
      return_tensors,
    }
  }

  protected override preprocess(
    texts: readonly string[],
    { tokenize }: Settings,
  ): Promise<Prepared<undefined>[]> {
    return rowsOfTexts(this.tokenizer, texts, tokenize)
  }

  protected override keep(outputs: { readonly 0: Tensor }, rows: readonly ModelRow[]): Tensor[] {
    const { head } = this.model.constructor as unknown as { head: Head }
    // Copies: a slice would keep the whole batch in memory.
    return no_grad(() =>
      scope(() =>
        rows.map(({ input_ids }, i) => {
          const row = outputs[0].narrow(0, i, 1)
          return (headsOfTexts.includes(head) ? row : row.narrow(1, 0, input_ids.length)).cpu().clone()
        }),
      ),
    )
  }

  protected override postprocess(
    _context: undefined,
    [features]: readonly Tensor[],
    { return_tensors }: Settings,
  ): Features | Tensor {
    if (features === undefined) throw new ArgumentError('the text has no row')
    if (return_tensors) return features
    const values = features.tolist() as Features
    features.dispose()
    return values
  }

  protected override truncationHint(limit: number): string {
    return `pass truncation: true, tokenize_kwargs: { max_length: ${limit} }`
  }
}
