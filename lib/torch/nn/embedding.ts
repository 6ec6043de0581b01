/** torch.nn.Embedding and EmbeddingBag: tables of vectors. */

import { ShapeError } from '../../errors.js'
import { no_grad } from '../modes.js'
import type { Tensor } from '../tensor.js'
import { type Factory, factory, named, type Rest } from './arguments.js'
import { aten } from './aten.js'
import {
  type EmbeddingBagOptions,
  type EmbeddingOptions,
  embedding,
  embedding_bag,
  paddingRow,
} from './functional/embedding.js'
import { normal_ } from './init.js'
import { Module } from './module.js'
import { Parameter } from './parameter.js'
import { pythonBool, pythonFloat } from './python-repr.js'

interface Table extends Factory {
  /** Use this (rows, width) tensor instead of drawing one; it becomes the parameter. */
  _weight?: Tensor | null
  /** Whether `_weight` stays as it is; default false. */
  _freeze?: boolean
}

function makeWeight(rows: number, width: number, { _weight, _freeze = false, ...where }: Table): Tensor {
  if (!_weight) return Parameter(aten.empty([rows, width], factory(where)), !_freeze)
  if (String(_weight.shape) !== String([rows, width])) {
    throw new ShapeError(
      `the weight is (${_weight.shape}), num_embeddings and embedding_dim say (${rows}, ${width})`,
    )
  }
  return Parameter(_weight, !_freeze)
}

function describe(rows: number, width: number, options: EmbeddingOptions | EmbeddingBagOptions): string[] {
  const { max_norm = null, norm_type = 2, scale_grad_by_freq = false } = options
  return [
    `${rows}, ${width}`,
    ...(max_norm === null ? [] : [`max_norm=${pythonFloat(max_norm)}`]),
    ...(norm_type === 2 ? [] : [`norm_type=${pythonFloat(norm_type)}`]),
    ...(scale_grad_by_freq ? [`scale_grad_by_freq=${pythonBool(scale_grad_by_freq)}`] : []),
  ]
}

type EmbeddingArguments = Table & EmbeddingOptions
const names = [
  'padding_idx',
  'max_norm',
  'norm_type',
  'scale_grad_by_freq',
  'sparse',
  '_weight',
  '_freeze',
  'device',
  'dtype',
] as const
type Names = typeof names

/** torch.nn.Embedding: whole numbers (*) → vectors (*, embedding_dim). */
export class Embedding extends Module<[input: Tensor], Tensor> {
  /** (num_embeddings, embedding_dim) */
  weight: Tensor
  readonly padding_idx: number | null
  readonly #options: EmbeddingOptions

  constructor(
    readonly num_embeddings: number,
    readonly embedding_dim: number,
    ...rest: Rest<EmbeddingArguments, Names>
  ) {
    super()
    const { _weight, _freeze, device, dtype, ...options } = named<EmbeddingArguments>(
      'Embedding',
      rest,
      names,
    )
    const { padding_idx } = options
    this.padding_idx = typeof padding_idx === 'number' ? paddingRow(padding_idx, num_embeddings) : null
    this.#options = { ...options, padding_idx: this.padding_idx }
    this.weight = makeWeight(num_embeddings, embedding_dim, { _weight, _freeze, device, dtype })
    if (!_weight) this.reset_parameters()
  }

  /** A table with the given vectors (rows, width), frozen unless `freeze` is false. */
  static from_pretrained(
    embeddings: Tensor,
    options: EmbeddingOptions & { freeze?: boolean } = {},
  ): Embedding {
    if (embeddings.ndim !== 2)
      throw new ShapeError(`embeddings must be (rows, width), found (${embeddings.shape})`)
    const { freeze = true, ...others } = options
    const [rows, width] = embeddings.shape as [number, number]
    return new Embedding(rows, width, { ...others, _weight: embeddings, _freeze: freeze })
  }

  reset_parameters(): void {
    normal_(this.weight)
    zeroRow(this.weight, this.padding_idx)
  }

  override forward(input: Tensor): Tensor {
    return embedding(input, this.weight, this.#options)
  }

  override extra_repr(): string {
    const [size, ...others] = describe(this.num_embeddings, this.embedding_dim, this.#options)
    const padding = this.padding_idx === null ? [] : [`padding_idx=${this.padding_idx}`]
    return [size, ...padding, ...others, ...(this.#options.sparse ? ['sparse=True'] : [])].join(', ')
  }
}

type BagArguments = Table & Omit<EmbeddingBagOptions, 'offsets' | 'per_sample_weights'>
const bagNames = [
  'max_norm',
  'norm_type',
  'scale_grad_by_freq',
  'mode',
  'sparse',
  '_weight',
  'include_last_offset',
  'padding_idx',
  'device',
  'dtype',
] as const
type BagNames = typeof bagNames

/** torch.nn.EmbeddingBag: sums, means (default) or maxima of vectors, (bags, n) or 1-D with offsets → (bags, width). */
export class EmbeddingBag extends Module<
  [input: Tensor, offsets?: Tensor | null, per_sample_weights?: Tensor | null],
  Tensor
> {
  /** (num_embeddings, embedding_dim) */
  weight: Tensor
  readonly padding_idx: number | null
  readonly #options: EmbeddingBagOptions

  constructor(
    readonly num_embeddings: number,
    readonly embedding_dim: number,
    ...rest: Rest<BagArguments, BagNames>
  ) {
    super()
    const { _weight, device, dtype, ...options } = named<BagArguments>('EmbeddingBag', rest, bagNames)
    const { padding_idx } = options
    this.padding_idx = typeof padding_idx === 'number' ? paddingRow(padding_idx, num_embeddings) : null
    this.#options = { ...options, padding_idx: this.padding_idx }
    this.weight = makeWeight(num_embeddings, embedding_dim, { _weight, device, dtype })
    if (!_weight) this.reset_parameters()
  }

  reset_parameters(): void {
    normal_(this.weight)
    zeroRow(this.weight, this.padding_idx)
  }

  override forward(input: Tensor, offsets?: Tensor | null, per_sample_weights?: Tensor | null): Tensor {
    return embedding_bag(input, this.weight, { ...this.#options, offsets, per_sample_weights })
  }

  override extra_repr(): string {
    const padding = this.padding_idx === null ? [] : [`padding_idx=${this.padding_idx}`]
    const mode = `mode='${this.#options.mode ?? 'mean'}'`
    return [...describe(this.num_embeddings, this.embedding_dim, this.#options), mode, ...padding].join(', ')
  }
}

function zeroRow(weight: Tensor, row: number | null): void {
  if (row !== null) no_grad(() => weight.select(0, row).fill_(0))
}
