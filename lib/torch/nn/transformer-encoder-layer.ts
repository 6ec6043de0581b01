/** torch.nn.TransformerEncoderLayer */

import { ArgumentError } from '../../errors.js'
import { get_rng_state, set_rng_state } from '../random.js'
import type { Tensor } from '../tensor.js'
import { type Factory, factory, named, type Rest } from './arguments.js'
import { aten } from './aten.js'
import { MultiheadAttention } from './attention.js'
import { Dropout } from './dropout.js'
import { relu } from './functional/activation.js'
import { canonicalMask } from './functional/attention-mask.js'
import { Linear } from './linear.js'
import { type AnyModule, Module } from './module.js'
import { LayerNorm } from './normalization.js'

export interface EncoderLayerOptions extends Factory {
  /** Default 2048. */
  dim_feedforward?: number
  /** Default 0.1. */
  dropout?: number
  /** Default relu. */
  activation?: 'relu' | 'gelu' | ((input: Tensor) => Tensor)
  /** Default 1e-5. */
  layer_norm_eps?: number
  /** Inputs are (N, L, E) instead of (L, N, E). */
  batch_first?: boolean
  /** Normalize before attention and feed-forward instead of after. */
  norm_first?: boolean
  /** Default true. */
  bias?: boolean
}
export const layerNames = [
  'dim_feedforward',
  'dropout',
  'activation',
  'layer_norm_eps',
  'batch_first',
  'norm_first',
  'bias',
  'device',
  'dtype',
] as const
export type LayerNames = typeof layerNames

interface LayerCall {
  /** (L, L) or (N * heads, L, L): bool, true for "do not look"; or numbers to add. */
  src_mask?: Tensor | null
  /** (N, L): bool, true for padding; or numbers to add. */
  src_key_padding_mask?: Tensor | null
  /** A hint that `src_mask`, which must be given, is causal. */
  is_causal?: boolean
}
const layerCallNames = ['src_mask', 'src_key_padding_mask', 'is_causal'] as const
type LayerCallNames = typeof layerCallNames

/** @throws ArgumentError for a name that is none. */
export function activationOf(
  activation: EncoderLayerOptions['activation'] = 'relu',
): (input: Tensor) => Tensor {
  if (typeof activation === 'function') return activation
  if (activation === 'relu') return relu
  if (activation === 'gelu') return (input) => aten.gelu(input)
  throw new ArgumentError(`activation should be relu or gelu, not '${activation}'`)
}

/** A copy of a layer in one that `make` gives. */
export function copyOf<Layer extends AnyModule & { linear1: Linear }>(
  layer: Layer,
  make: () => Layer,
): Layer {
  // Making a layer draws weights, copying one must not: the numbers that follow have to be Python's.
  const state = get_rng_state()
  const copy = make()
  set_rng_state(state)
  const { device, dtype } = layer.linear1.weight
  copy.to({ device, dtype }).train(layer.training).load_state_dict(layer.state_dict())
  const own = layer.parameters()
  copy.parameters().forEach((parameter, i) => {
    parameter.requires_grad = own[i]?.requires_grad ?? true
  })
  return copy
}

/**
 * torch.nn.TransformerEncoderLayer: attention and a feed-forward network. Always the operations that training has;
 * Python's fused "fast path" of evaluation, which rounds differently, is not taken.
 */
export class TransformerEncoderLayer extends Module<
  [src: Tensor, ...rest: Rest<LayerCall, LayerCallNames>],
  Tensor
> {
  self_attn: MultiheadAttention
  linear1: Linear
  dropout: Dropout
  linear2: Linear
  norm1: LayerNorm
  norm2: LayerNorm
  dropout1: Dropout
  dropout2: Dropout
  readonly norm_first: boolean
  readonly activation: (input: Tensor) => Tensor
  readonly #again: () => TransformerEncoderLayer

  constructor(d_model: number, nhead: number, ...rest: Rest<EncoderLayerOptions, LayerNames>) {
    super()
    const options = named<EncoderLayerOptions>('TransformerEncoderLayer', rest, layerNames)
    const { dim_feedforward = 2048, dropout = 0.1, layer_norm_eps = 1e-5, bias = true } = options
    const made = { bias, ...factory(options) }
    this.self_attn = new MultiheadAttention(d_model, nhead, {
      dropout,
      batch_first: options.batch_first ?? false,
      ...made,
    })
    this.linear1 = new Linear(d_model, dim_feedforward, made)
    this.dropout = new Dropout(dropout)
    this.linear2 = new Linear(dim_feedforward, d_model, made)
    this.norm1 = new LayerNorm(d_model, { eps: layer_norm_eps, ...made })
    this.norm2 = new LayerNorm(d_model, { eps: layer_norm_eps, ...made })
    this.dropout1 = new Dropout(dropout)
    this.dropout2 = new Dropout(dropout)
    this.norm_first = options.norm_first ?? false
    this.activation = activationOf(options.activation)
    this.#again = () => new TransformerEncoderLayer(d_model, nhead, options)
  }

  /** A layer of the same kind with copies of the parameters, as Python's `copy.deepcopy` makes one. */
  clone(): TransformerEncoderLayer {
    return copyOf(this, this.#again)
  }

  override forward(src: Tensor, ...rest: Rest<LayerCall, LayerCallNames>): Tensor {
    const options = named<LayerCall>('TransformerEncoderLayer', rest, layerCallNames)
    const mask = canonicalMask(options.src_mask ?? null, 'src_mask', src.dtype)
    const padding = canonicalMask(options.src_key_padding_mask ?? null, 'src_key_padding_mask', src.dtype)
    const attend = (x: Tensor) => {
      const [attended] = this.self_attn(x, x, x, {
        attn_mask: mask,
        key_padding_mask: padding,
        need_weights: false,
        is_causal: options.is_causal ?? false,
      })
      return this.dropout1(attended)
    }
    const feedForward = (x: Tensor) =>
      this.dropout2(this.linear2(this.dropout(this.activation(this.linear1(x)))))
    if (this.norm_first) {
      const x = src.add(attend(this.norm1(src)))
      return x.add(feedForward(this.norm2(x)))
    }
    const x = this.norm1(src.add(attend(src)))
    return this.norm2(x.add(feedForward(x)))
  }
}
