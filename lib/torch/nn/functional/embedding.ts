/** torch.nn.functional: looking rows up in a table. */

import { ArgumentError, IndexError, ShapeError } from '../../../errors.js'
import { no_grad } from '../../modes.js'
import { operator } from '../../operators.js'
import type { Tensor } from '../../tensor.js'
import { named, type Rest } from '../arguments.js'
import { aten } from '../aten.js'

const renorm =
  operator<(weight: Tensor, indices: Tensor, max_norm: number, norm_type: number) => Tensor>(
    'aten::embedding_renorm_',
  )

export interface Norm {
  /** Rows that are looked up are scaled down to this norm, in place. */
  max_norm?: number | null
  /** Order of that norm, default 2. */
  norm_type?: number
}

function renormalize(weight: Tensor, input: Tensor, { max_norm, norm_type = 2 }: Norm): void {
  if (max_norm !== undefined && max_norm !== null) {
    no_grad(() => renorm(weight.detach(), input.contiguous(), max_norm, norm_type))
  }
}

export interface EmbeddingOptions extends Norm {
  /** A row that gets no gradient; negative counts from the end. */
  padding_idx?: number | null
  /** Divide gradients by how often a row occurs in the batch. */
  scale_grad_by_freq?: boolean
  /** Sparse gradients. */
  sparse?: boolean
}
const names = ['padding_idx', 'max_norm', 'norm_type', 'scale_grad_by_freq', 'sparse'] as const
type Names = typeof names

/**
 * The row of padding in a table, counted from the start.
 *
 * @throws IndexError when it lies outside.
 */
export function paddingRow(padding_idx: number, rows: number): number {
  if (padding_idx < -rows || padding_idx >= rows) {
    throw new IndexError(`padding_idx ${padding_idx} must lie within the ${rows} rows`)
  }
  return padding_idx < 0 ? rows + padding_idx : padding_idx
}

/** torch.nn.functional.embedding: rows of `weight` (rows, width) by the whole numbers in `input` (*) → (*, width). */
export function embedding(input: Tensor, weight: Tensor, ...rest: Rest<EmbeddingOptions, Names>): Tensor {
  const options = named<EmbeddingOptions>('embedding', rest, names)
  const { padding_idx, scale_grad_by_freq = false, sparse = false } = options
  // -1 is what the operator takes for "none".
  const padding = typeof padding_idx === 'number' ? paddingRow(padding_idx, weight.size(0)) : -1
  renormalize(weight, input, options)
  return aten.embedding(weight, input, padding, scale_grad_by_freq, sparse)
}

export type BagMode = 'sum' | 'mean' | 'max'
const modes: readonly BagMode[] = ['sum', 'mean', 'max']

export interface EmbeddingBagOptions extends Norm {
  /** Where each bag starts in a 1-D input. */
  offsets?: Tensor | null
  scale_grad_by_freq?: boolean
  /** Default mean. */
  mode?: BagMode
  sparse?: boolean
  /** Weights of the rows, for `sum`. */
  per_sample_weights?: Tensor | null
  /** The last offset is the input's length. */
  include_last_offset?: boolean
  /** A row that no bag counts. */
  padding_idx?: number | null
}

const bagNames = [
  'offsets',
  'max_norm',
  'norm_type',
  'scale_grad_by_freq',
  'mode',
  'sparse',
  'per_sample_weights',
  'include_last_offset',
  'padding_idx',
] as const

/**
 * torch.nn.functional.embedding_bag: sums, means or maxima of rows. `input` is (bags, n), or 1-D with `offsets`.
 *
 * @throws ShapeError, ArgumentError for combinations that PyTorch refuses.
 */
export function embedding_bag(
  input: Tensor,
  weight: Tensor,
  ...rest: Rest<EmbeddingBagOptions, ['offsets']>
): Tensor {
  const options = named<EmbeddingBagOptions>('embedding_bag', rest, ['offsets'], bagNames)
  const { scale_grad_by_freq = false, mode = 'mean', sparse = false, padding_idx } = options
  if (!modes.includes(mode)) throw new ArgumentError(`mode '${mode}' is none of ${modes.join(', ')}`)
  if (options.per_sample_weights && mode !== 'sum') {
    throw new ArgumentError(`per_sample_weights need mode 'sum', found '${mode}'`)
  }
  const { indices, offsets, weights, include_last_offset } = bags(input, options)
  renormalize(weight, indices, options)
  const padding = typeof padding_idx === 'number' ? paddingRow(padding_idx, weight.size(0)) : null
  return aten.embedding_bag(
    weight,
    indices,
    offsets,
    scale_grad_by_freq,
    modes.indexOf(mode),
    sparse,
    weights,
    include_last_offset,
    padding,
  )[0]
}

function bags(input: Tensor, options: EmbeddingBagOptions) {
  const { offsets, per_sample_weights = null, include_last_offset = false } = options
  if (per_sample_weights && String(per_sample_weights.shape) !== String(input.shape)) {
    throw new ShapeError(
      `per_sample_weights (${per_sample_weights.shape}) must have the shape of the input (${input.shape})`,
    )
  }
  if (input.ndim === 2) {
    if (offsets) throw new ArgumentError('a 2-D input has one bag per row and takes no offsets')
    const starts = { dtype: input.dtype, device: input.device }
    return {
      indices: input.reshape([-1]),
      offsets: aten.arange(0, input.numel(), input.size(1), starts),
      weights: per_sample_weights?.reshape([-1]) ?? null,
      include_last_offset: false,
    }
  }
  if (input.ndim !== 1) throw new ShapeError(`input must be 1-D or 2-D, found ${input.ndim} dimensions`)
  if (offsets?.ndim !== 1) throw new ArgumentError('a 1-D input needs 1-D offsets: where each bag starts')
  return { indices: input, offsets, weights: per_sample_weights, include_last_offset }
}
