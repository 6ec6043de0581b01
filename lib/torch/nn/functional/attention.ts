/** torch.nn.functional.multi_head_attention_forward: attention with its projections, in PyTorch's order of operations. */

import { ArgumentError, ShapeError } from '../../../errors.js'
import type { Tensor } from '../../tensor.js'
import { aten } from '../aten.js'
import { canonicalMask, expandMask } from './attention-mask.js'

/** Keyword arguments of `multi_head_attention_forward`. */
export interface AttentionOptions {
  /** Default true: dropout is active. */
  training?: boolean
  /** (N, S), or (S) without a batch: bool, true for padding; or numbers to add. */
  key_padding_mask?: Tensor | null
  /** Default true: return the attention weights. Without them scaled_dot_product_attention runs, which is quicker. */
  need_weights?: boolean
  /** (L, S) or (N * heads, L, S): bool, true for "do not look"; or numbers to add. */
  attn_mask?: Tensor | null
  use_separate_proj_weight?: boolean
  q_proj_weight?: Tensor | null
  k_proj_weight?: Tensor | null
  v_proj_weight?: Tensor | null
  /** (N * heads, S, E / heads), instead of the projected keys and values. */
  static_k?: Tensor | null
  static_v?: Tensor | null
  /** Default true: mean of the weights over the heads. */
  average_attn_weights?: boolean
  /** A hint that `attn_mask`, which must be given, is causal. */
  is_causal?: boolean
}

/**
 * @param query (L, N, E), or (L, E) without a batch
 * @param key (S, N, Ek)
 * @param value (S, N, Ev)
 * @returns output (L, N, E); weights (N, L, S), (N, heads, L, S) when not averaged, null when not wanted
 * @throws ShapeError, ArgumentError
 */
export function multi_head_attention_forward(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  embed_dim_to_check: number,
  num_heads: number,
  in_proj_weight: Tensor | null,
  in_proj_bias: Tensor | null,
  bias_k: Tensor | null,
  bias_v: Tensor | null,
  add_zero_attn: boolean,
  dropout_p: number,
  out_proj_weight: Tensor,
  out_proj_bias: Tensor | null,
  options: AttentionOptions = {},
): [Tensor, Tensor | null] {
  const { training = true, need_weights = true, average_attn_weights = true } = options
  const batched = query.ndim === 3
  if (!batched && query.ndim !== 2) {
    throw new ShapeError(`query must have 2 or 3 dimensions, found ${query.ndim}`)
  }
  if (key.ndim !== query.ndim || value.ndim !== query.ndim) {
    throw new ShapeError(
      `query, key and value must have as many dimensions, found ${query.ndim}, ${key.ndim}, ${value.ndim}`,
    )
  }
  if (embed_dim_to_check % num_heads !== 0) {
    throw new ArgumentError(`embed_dim ${embed_dim_to_check} is not divisible by num_heads ${num_heads}`)
  }
  const inputs = batched ? { query, key, value } : withBatch(query, key, value)
  const [length, batch, width] = inputs.query.shape as [number, number, number]
  if (width !== embed_dim_to_check) {
    throw new ShapeError(`query has width ${width}, the weights expect ${embed_dim_to_check}`)
  }
  const headDim = width / num_heads
  const batchHeads = batch * num_heads

  let padding = canonicalMask(options.key_padding_mask ?? null, 'key_padding_mask', query.dtype)
  if (padding && !batched) padding = padding.unsqueeze(0)
  let mask = options.attn_mask ?? null
  let causal = options.is_causal ?? false
  if (causal && mask === null) {
    throw new ArgumentError('is_causal is a hint about attn_mask, which is missing', {
      hint: 'pass Transformer.generate_square_subsequent_mask(length) as attn_mask',
    })
  }
  if (causal && padding === null && !need_weights) mask = null
  else {
    mask = canonicalMask(mask, 'attn_mask', query.dtype)
    if (padding) causal = false
  }

  let [q, k, v] = project(inputs, in_proj_weight, in_proj_bias, options)
  if (mask) mask = expandMask(mask, batchHeads, length, inputs.key.size(0))
  const widen = (extra: Tensor | null) => (extra ? aten.pad(extra, [0, 1]) : null)
  if (bias_k && bias_v) {
    k = aten.cat([k, bias_k.repeat([1, batch, 1])])
    v = aten.cat([v, bias_v.repeat([1, batch, 1])])
    mask = widen(mask)
    padding = widen(padding)
  }

  const byHead = (tensor: Tensor) => tensor.view([tensor.size(0), batchHeads, headDim]).transpose(0, 1)
  q = byHead(q) // (N * heads, L, E / heads)
  k = options.static_k ?? byHead(k) // (N * heads, S, E / heads)
  v = options.static_v ?? byHead(v)
  if (add_zero_attn) {
    const zeros = aten.zeros([batchHeads, 1, headDim], { dtype: k.dtype, device: k.device })
    k = aten.cat([k, zeros], 1)
    v = aten.cat([v, zeros], 1)
    mask = widen(mask)
    padding = widen(padding)
  }
  const sources = k.size(1)
  if (padding) {
    if (String(padding.shape) !== String([batch, sources])) {
      throw new ShapeError(`key_padding_mask is (${padding.shape}), it must be (${batch}, ${sources})`)
    }
    const perHead = padding
      .view([batch, 1, 1, sources])
      .expand([-1, num_heads, -1, -1])
      .reshape([batchHeads, 1, sources])
    mask = mask ? mask.add(perHead) : perHead
  }

  const p = training ? dropout_p : 0
  const finish = (rows: Tensor) => {
    const output = aten.linear(rows, out_proj_weight, out_proj_bias).view([length, batch, -1])
    return batched ? output : output.squeeze(1)
  }
  if (!need_weights) {
    const split = (tensor: Tensor) => tensor.view([batch, num_heads, -1, headDim])
    const shared = mask?.size(0) === 1 && mask.ndim === 3
    const bias = shared ? mask?.unsqueeze(0) : mask?.view([batch, num_heads, -1, sources])
    const heads = aten.scaled_dot_product_attention(split(q), split(k), split(v), bias ?? null, p, causal)
    return [finish(heads.permute([2, 0, 1, 3]).reshape([batch * length, width])), null]
  }
  const scaled = q.mul(Math.sqrt(1 / headDim))
  const keys = k.transpose(-2, -1)
  let weights = (mask ? aten.baddbmm(mask, scaled, keys) : aten.bmm(scaled, keys)).softmax(-1)
  if (p > 0) weights = aten.dropout(weights, p, true)
  const output = finish(
    aten
      .bmm(weights, v)
      .transpose(0, 1)
      .reshape([length * batch, width]),
  )
  weights = weights.view([batch, num_heads, length, sources])
  if (average_attn_weights) weights = weights.mean(1)
  return [output, batched ? weights : weights.squeeze(0)]
}

interface Inputs {
  query: Tensor
  key: Tensor
  value: Tensor
}

// The same tensor must stay the same: self-attention is projected in one product.
function withBatch(query: Tensor, key: Tensor, value: Tensor): Inputs {
  const wide = query.unsqueeze(1)
  const wideKey = key === query ? wide : key.unsqueeze(1)
  return { query: wide, key: wideKey, value: value === key ? wideKey : value.unsqueeze(1) }
}

function project(
  { query, key, value }: Inputs,
  weight: Tensor | null,
  bias: Tensor | null,
  options: AttentionOptions,
): [Tensor, Tensor, Tensor] {
  const width = query.size(-1)
  const biases = bias?.chunk(3) ?? [null, null, null]
  if (options.use_separate_proj_weight) {
    const { q_proj_weight, k_proj_weight, v_proj_weight } = options
    if (!q_proj_weight || !k_proj_weight || !v_proj_weight) {
      throw new ArgumentError('use_separate_proj_weight needs q_proj_weight, k_proj_weight and v_proj_weight')
    }
    if (key.size(0) !== value.size(0) || key.size(1) !== value.size(1)) {
      throw new ShapeError(`key (${key.shape}) and value (${value.shape}) differ in length or batch`)
    }
    return projectEach([query, key, value], [q_proj_weight, k_proj_weight, v_proj_weight], biases)
  }
  if (!weight) throw new ArgumentError('in_proj_weight is missing')
  if (String(key.shape) !== String(value.shape)) {
    throw new ShapeError(`key (${key.shape}) and value (${value.shape}) must have the same shape`)
  }
  if (key !== value) return projectEach([query, key, value], weight.chunk(3), biases)
  if (query === key) return projectPacked(query, weight, bias, 3) as [Tensor, Tensor, Tensor]
  const [queryWeight, rest] = weight.split([width, 2 * width]) as [Tensor, Tensor]
  const [queryBias, restBias] = (bias?.split([width, 2 * width]) ?? [null, null]) as [
    Tensor | null,
    Tensor | null,
  ]
  const q = aten.linear(query, queryWeight, queryBias)
  return [q, ...projectPacked(key, rest, restBias, 2)] as [Tensor, Tensor, Tensor]
}

const projectEach = (inputs: Tensor[], weights: Tensor[], biases: (Tensor | null)[]) =>
  inputs.map((input, i) => aten.linear(input, weights[i] as Tensor, biases[i] ?? null)) as [
    Tensor,
    Tensor,
    Tensor,
  ]

/** One product for `parts` projections, then one contiguous tensor for each. */
function projectPacked(input: Tensor, weight: Tensor, bias: Tensor | null, parts: number): Tensor[] {
  const packed = aten
    .linear(input, weight, bias)
    .unflatten(-1, [parts, input.size(-1)])
    .unsqueeze(0)
    .transpose(0, -2)
    .squeeze(-2)
    .contiguous()
  return Array.from({ length: parts }, (_, i) => packed.select(0, i))
}
