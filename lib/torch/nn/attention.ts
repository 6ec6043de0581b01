/** torch.nn.MultiheadAttention */

import { ArgumentError } from '../../errors.js'
import type { Tensor } from '../tensor.js'
import { type Factory, factory, named, type Rest } from './arguments.js'
import { aten } from './aten.js'
import { multi_head_attention_forward } from './functional/attention.js'
import { xavier_normal_, xavier_uniform_, zeros_ } from './init.js'
import { NonDynamicallyQuantizableLinear } from './linear.js'
import { Module } from './module.js'
import { Parameter } from './parameter.js'

export interface MultiheadAttentionOptions extends Factory {
  /** Of the attention weights, default 0. */
  dropout?: number
  /** Default true. */
  bias?: boolean
  /** Adds a learned key and value. */
  add_bias_kv?: boolean
  /** Adds a key and value of zeros. */
  add_zero_attn?: boolean
  /** Width of the keys, default embed_dim. */
  kdim?: number | null
  /** Width of the values, default embed_dim. */
  vdim?: number | null
  /** Inputs are (N, L, E) instead of (L, N, E). */
  batch_first?: boolean
}
const names = [
  'dropout',
  'bias',
  'add_bias_kv',
  'add_zero_attn',
  'kdim',
  'vdim',
  'batch_first',
  'device',
  'dtype',
] as const
type Names = typeof names

interface CallOptions {
  /** (N, S), or (S) without a batch: bool, true for padding; or numbers to add. */
  key_padding_mask?: Tensor | null
  /** Default true; without weights the quicker scaled_dot_product_attention runs. */
  need_weights?: boolean
  /** (L, S) or (N * heads, L, S): bool, true for "do not look"; or numbers to add. */
  attn_mask?: Tensor | null
  /** Default true: mean of the weights over the heads. */
  average_attn_weights?: boolean
  /** A hint that `attn_mask`, which must be given, is causal. */
  is_causal?: boolean
}
const callNames = [
  'key_padding_mask',
  'need_weights',
  'attn_mask',
  'average_attn_weights',
  'is_causal',
] as const
type CallNames = typeof callNames

/**
 * torch.nn.MultiheadAttention: (query, key, value) → [output, weights or null]. Always the operations that training
 * has; Python's fused "fast path" of evaluation, which rounds differently, is not taken.
 */
export class MultiheadAttention extends Module<
  [query: Tensor, key: Tensor, value: Tensor, ...rest: Rest<CallOptions, CallNames>],
  [Tensor, Tensor | null]
> {
  // The order of the parameters' declarations is their order in the state.
  /** (3 * embed_dim, embed_dim); null when keys or values have another width. */
  in_proj_weight: Tensor | null = null
  q_proj_weight: Tensor | null = null
  k_proj_weight: Tensor | null = null
  v_proj_weight: Tensor | null = null
  in_proj_bias: Tensor | null
  bias_k: Tensor | null = null
  bias_v: Tensor | null = null
  out_proj: NonDynamicallyQuantizableLinear
  readonly head_dim: number
  readonly kdim: number
  readonly vdim: number
  readonly dropout: number
  readonly batch_first: boolean
  readonly add_zero_attn: boolean

  constructor(
    readonly embed_dim: number,
    readonly num_heads: number,
    ...rest: Rest<MultiheadAttentionOptions, Names>
  ) {
    super()
    if (!(embed_dim > 0 && num_heads > 0) || embed_dim % num_heads !== 0) {
      throw new ArgumentError(`embed_dim ${embed_dim} must be divisible by num_heads ${num_heads}`)
    }
    const options = named<MultiheadAttentionOptions>('MultiheadAttention', rest, names)
    const { bias = true, add_bias_kv = false } = options
    this.head_dim = embed_dim / num_heads
    this.kdim = options.kdim ?? embed_dim
    this.vdim = options.vdim ?? embed_dim
    this.dropout = options.dropout ?? 0
    this.batch_first = options.batch_first ?? false
    this.add_zero_attn = options.add_zero_attn ?? false
    const made = factory(options)
    const empty = (...shape: number[]) => Parameter(aten.empty(shape, made))
    if (this.kdim === embed_dim && this.vdim === embed_dim) {
      this.in_proj_weight = empty(3 * embed_dim, embed_dim)
    } else {
      this.q_proj_weight = empty(embed_dim, embed_dim)
      this.k_proj_weight = empty(embed_dim, this.kdim)
      this.v_proj_weight = empty(embed_dim, this.vdim)
    }
    this.in_proj_bias = bias ? empty(3 * embed_dim) : null
    this.out_proj = new NonDynamicallyQuantizableLinear(embed_dim, embed_dim, { bias, ...made })
    if (add_bias_kv) {
      this.bias_k = empty(1, 1, embed_dim)
      this.bias_v = empty(1, 1, embed_dim)
    }
    this.#resetParameters()
  }

  #resetParameters(): void {
    const weights = [this.in_proj_weight, this.q_proj_weight, this.k_proj_weight, this.v_proj_weight]
    for (const weight of weights) if (weight) xavier_uniform_(weight)
    if (this.in_proj_bias) zeros_(this.in_proj_bias)
    if (this.out_proj.bias) zeros_(this.out_proj.bias)
    if (this.bias_k) xavier_normal_(this.bias_k)
    if (this.bias_v) xavier_normal_(this.bias_v)
  }

  override forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    ...rest: Rest<CallOptions, CallNames>
  ): [Tensor, Tensor | null] {
    const options = named<CallOptions>('MultiheadAttention', rest, callNames)
    const turned = this.batch_first && query.ndim === 3
    // The same tensor must stay the same: self-attention is projected in one product.
    const turn = (tensor: Tensor) => (turned ? tensor.transpose(1, 0) : tensor)
    const q = turn(query)
    const k = key === query ? q : turn(key)
    const v = value === key ? k : turn(value)
    const [output, weights] = multi_head_attention_forward(
      q,
      k,
      v,
      this.embed_dim,
      this.num_heads,
      this.in_proj_weight,
      this.in_proj_bias,
      this.bias_k,
      this.bias_v,
      this.add_zero_attn,
      this.dropout,
      this.out_proj.weight,
      this.out_proj.bias,
      {
        ...options,
        training: this.training,
        use_separate_proj_weight: this.in_proj_weight === null,
        q_proj_weight: this.q_proj_weight,
        k_proj_weight: this.k_proj_weight,
        v_proj_weight: this.v_proj_weight,
      },
    )
    return [turn(output), weights]
  }
}
