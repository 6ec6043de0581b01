import process from 'node:process'

import { ArgumentError } from '../../errors.js'
import { fromTypedArray } from '../../torch/creation.js'
import { Generator } from '../../torch/random.js'
import type { Tensor } from '../../torch/tensor.js'
import { Callable } from '../tokenization/callable.js'
import {
  type CollatedBatch,
  type CollatorTokenizer,
  type Example,
  padExamples,
  requireExamples,
  withoutColumns,
} from './examples.js'
import { maskTokens, type Offset, type Replacement, type Rows, wholeWords } from './masking.js'

/** Options of `DataCollatorForLanguageModeling`, with the names and defaults of Transformers. */
export interface DataCollatorForLanguageModelingOptions {
  tokenizer: CollatorTokenizer
  /** Masked language model (default), or a causal one, whose labels are its inputs. */
  mlm?: boolean
  /** Mask words and not tokens: tokenize with `return_offsets_mapping`. Masked tokens are always replaced by the mask. */
  whole_word_mask?: boolean
  /** Part of the tokens that are masked. Default 0.15. */
  mlm_probability?: number
  /** Part of them that become the mask. Default 0.8. */
  mask_replace_prob?: number
  /** Part of them that become any token. Default 0.1; the rest stays as it is. */
  random_replace_prob?: number
  pad_to_multiple_of?: number
  /** For a generator of its own, so that other random numbers are not moved. Default: the default generator. */
  seed?: number
}

export interface DataCollatorForLanguageModeling {
  (examples: readonly (Example | readonly number[])[]): Promise<CollatedBatch>
}

/**
 * Brings tokenized texts to one length and masks them anew in each batch: what a token becomes differs from epoch to
 * epoch. For the same seed the masks are Python's (but for seed 0, which Python takes for none). Reference:
 * `transformers.DataCollatorForLanguageModeling`.
 *
 * @throws ArgumentError for options that contradict one another, a tokenizer without mask, or whole words without offsets.
 */
export class DataCollatorForLanguageModeling extends Callable {
  readonly tokenizer: CollatorTokenizer
  readonly mlm: boolean
  readonly whole_word_mask: boolean
  readonly pad_to_multiple_of: number | undefined
  readonly #replacement: Replacement

  constructor(options: DataCollatorForLanguageModelingOptions) {
    super()
    this.tokenizer = options.tokenizer
    this.mlm = options.mlm ?? true
    this.whole_word_mask = options.whole_word_mask ?? false
    this.pad_to_multiple_of = options.pad_to_multiple_of
    this.#replacement = replacementOf(options)
  }

  protected async call(examples: readonly (Example | readonly number[])[]): Promise<CollatedBatch> {
    requireExamples(examples)
    const rows = examples.map(
      (example): Example =>
        isIds(example) ? { input_ids: example, attention_mask: Array.from(example, () => 1) } : example,
    )
    const { tokenizer, pad_to_multiple_of } = this
    const padded = await padExamples(
      tokenizer,
      rows.map((row) => withoutColumns(row, ['offset_mapping'])),
      { pad_to_multiple_of },
    )
    const { special_tokens_mask, ...batch } = padded
    if (isIds(examples[0])) delete batch.attention_mask
    const input_ids = batch.input_ids as Tensor
    const ids = input_ids.toTypedArray() as BigInt64Array
    const shape = input_ids.shape as readonly number[] as readonly [number, number]
    if (!this.mlm) {
      const pad = tokenizer.pad_token_id
      const labels = pad === null ? ids.slice() : ids.map((id) => (id === BigInt(pad) ? -100n : id))
      return { ...batch, labels: fromTypedArray(labels, shape) }
    }
    const isSpecial = specialTokens(tokenizer, input_ids, special_tokens_mask)
    const drawn: Pick<Rows, 'isFixed' | 'spread'> = this.whole_word_mask
      ? wholeWords(paddedOffsets(rows, shape[1], tokenizer.padding_side), isSpecial)
      : { isFixed: isSpecial }
    return { ...batch, ...maskTokens({ ids, shape, ...drawn }, this.#replacement) }
  }
}

const isIds = (example: unknown): example is readonly number[] => Array.isArray(example)

function specialTokens(tokenizer: CollatorTokenizer, ids: Tensor, mask: Tensor | undefined): boolean[] {
  const rows = (mask ?? ids).tolist() as number[][]
  const options = { already_has_special_tokens: true }
  const masks = mask ? rows : rows.map((row) => tokenizer.get_special_tokens_mask(row, null, options))
  return masks.flat().map((value) => Number(value) === 1)
}

function paddedOffsets(rows: readonly Example[], length: number, side: string): Offset[][] {
  return rows.map(({ offset_mapping }, i) => {
    if (!Array.isArray(offset_mapping)) {
      throw new ArgumentError(`whole_word_mask: example ${i} of the batch has no offset_mapping`, {
        hint: 'tokenize with return_offsets_mapping: true',
      })
    }
    const filling = new Array<Offset>(length - offset_mapping.length).fill([0, 0])
    return side === 'left' ? [...filling, ...offset_mapping] : [...offset_mapping, ...filling]
  })
}

function replacementOf(options: DataCollatorForLanguageModelingOptions): Replacement {
  const { tokenizer, mlm = true, whole_word_mask = false, seed, mlm_probability = 0.15 } = options
  let { mask_replace_prob = 0.8, random_replace_prob = 0.1 } = options
  for (const [name, value] of Object.entries({ mlm_probability, mask_replace_prob, random_replace_prob })) {
    if (!(value >= 0 && value <= 1)) throw new ArgumentError(`${name} must lie between 0 and 1, is ${value}`)
  }
  if (mask_replace_prob + random_replace_prob > 1) {
    const sum = mask_replace_prob + random_replace_prob
    throw new ArgumentError(
      `mask_replace_prob and random_replace_prob together must not exceed 1, are ${sum}`,
    )
  }
  if (whole_word_mask && !mlm) throw new ArgumentError('whole_word_mask needs mlm: true')
  if (mlm && tokenizer.mask_token_id === null) {
    throw new ArgumentError('the tokenizer has no mask token, which a masked language model needs', {
      hint: 'pass mlm: false for a causal language model',
    })
  }
  if (whole_word_mask && mask_replace_prob < 1) {
    if (options.mask_replace_prob !== undefined || options.random_replace_prob !== undefined) {
      process.emitWarning('whole_word_mask replaces all masked tokens by the mask: mask_replace_prob is 1', {
        code: 'ROBERTORCH_COLLATOR',
      })
    }
    mask_replace_prob = 1
    random_replace_prob = 0
  }
  return {
    mask_token_id: tokenizer.mask_token_id ?? 0,
    vocabulary_size: tokenizer.length,
    mlm_probability,
    mask_replace_prob,
    random_replace_prob,
    ...(seed === undefined ? {} : { generator: new Generator().manual_seed(seed) }),
  }
}
