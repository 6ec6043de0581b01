/** torch.nn.TransformerDecoderLayer and TransformerDecoder: attention to what came before and to an encoder's memory. */

import type { Tensor } from '../tensor.js'
import { factory, named, type Rest } from './arguments.js'
import { MultiheadAttention } from './attention.js'
import { ModuleList } from './containers.js'
import { Dropout } from './dropout.js'
import { canonicalMask } from './functional/attention-mask.js'
import { Linear } from './linear.js'
import { Module } from './module.js'
import { LayerNorm } from './normalization.js'
import { isCausal } from './transformer-encoder.js'
import {
  activationOf,
  copyOf,
  type EncoderLayerOptions,
  type LayerNames,
  layerNames,
} from './transformer-encoder-layer.js'

interface DecoderCall {
  /** (T, T) or (N * heads, T, T): bool, true for "do not look"; or numbers to add. */
  tgt_mask?: Tensor | null
  /** (T, S) or (N * heads, T, S). */
  memory_mask?: Tensor | null
  /** (N, T): bool, true for padding; or numbers to add. */
  tgt_key_padding_mask?: Tensor | null
  /** (N, S) */
  memory_key_padding_mask?: Tensor | null
  /** A hint that `tgt_mask`, which must be given, is causal. TransformerDecoder finds out itself when it is null. */
  tgt_is_causal?: boolean | null
  memory_is_causal?: boolean
}
const callNames = [
  'tgt_mask',
  'memory_mask',
  'tgt_key_padding_mask',
  'memory_key_padding_mask',
  'tgt_is_causal',
  'memory_is_causal',
] as const
type CallRest = Rest<DecoderCall, typeof callNames>

/** torch.nn.TransformerDecoderLayer: options as TransformerEncoderLayer. */
export class TransformerDecoderLayer extends Module<
  [tgt: Tensor, memory: Tensor, ...rest: CallRest],
  Tensor
> {
  self_attn: MultiheadAttention
  multihead_attn: MultiheadAttention
  linear1: Linear
  dropout: Dropout
  linear2: Linear
  norm1: LayerNorm
  norm2: LayerNorm
  norm3: LayerNorm
  dropout1: Dropout
  dropout2: Dropout
  dropout3: Dropout
  readonly norm_first: boolean
  readonly activation: (input: Tensor) => Tensor
  readonly #again: () => TransformerDecoderLayer

  constructor(d_model: number, nhead: number, ...rest: Rest<EncoderLayerOptions, LayerNames>) {
    super()
    const options = named<EncoderLayerOptions>('TransformerDecoderLayer', rest, layerNames)
    const { dim_feedforward = 2048, dropout = 0.1, layer_norm_eps: eps = 1e-5, bias = true } = options
    const made = { bias, ...factory(options) }
    const attention = { dropout, batch_first: options.batch_first ?? false, ...made }
    this.self_attn = new MultiheadAttention(d_model, nhead, attention)
    this.multihead_attn = new MultiheadAttention(d_model, nhead, attention)
    this.linear1 = new Linear(d_model, dim_feedforward, made)
    this.dropout = new Dropout(dropout)
    this.linear2 = new Linear(dim_feedforward, d_model, made)
    this.norm1 = new LayerNorm(d_model, { eps, ...made })
    this.norm2 = new LayerNorm(d_model, { eps, ...made })
    this.norm3 = new LayerNorm(d_model, { eps, ...made })
    this.dropout1 = new Dropout(dropout)
    this.dropout2 = new Dropout(dropout)
    this.dropout3 = new Dropout(dropout)
    this.norm_first = options.norm_first ?? false
    this.activation = activationOf(options.activation)
    this.#again = () => new TransformerDecoderLayer(d_model, nhead, options)
  }

  /** A layer of the same kind with copies of the parameters, as Python's `copy.deepcopy` makes one. */
  clone(): TransformerDecoderLayer {
    return copyOf(this, this.#again)
  }

  override forward(tgt: Tensor, memory: Tensor, ...rest: CallRest): Tensor {
    const options = named<DecoderCall>('TransformerDecoderLayer', rest, callNames)
    const mask = (name: 'tgt_mask' | 'memory_mask' | 'tgt_key_padding_mask' | 'memory_key_padding_mask') =>
      canonicalMask(options[name] ?? null, name, tgt.dtype)
    const attendSelf = (x: Tensor) => {
      const [attended] = this.self_attn(x, x, x, {
        attn_mask: mask('tgt_mask'),
        key_padding_mask: mask('tgt_key_padding_mask'),
        need_weights: false,
        is_causal: options.tgt_is_causal ?? false,
      })
      return this.dropout1(attended)
    }
    const attendMemory = (x: Tensor) => {
      const [attended] = this.multihead_attn(x, memory, memory, {
        attn_mask: mask('memory_mask'),
        key_padding_mask: mask('memory_key_padding_mask'),
        need_weights: false,
        is_causal: options.memory_is_causal ?? false,
      })
      return this.dropout2(attended)
    }
    const feedForward = (x: Tensor) =>
      this.dropout3(this.linear2(this.dropout(this.activation(this.linear1(x)))))
    const blocks = [
      [attendSelf, this.norm1],
      [attendMemory, this.norm2],
      [feedForward, this.norm3],
    ] as const
    return blocks.reduce(
      (x, [block, norm]) => (this.norm_first ? x.add(block(norm(x))) : norm(x.add(block(x)))),
      tgt,
    )
  }
}

interface DecoderOptions {
  /** Applied to the last layer's output. */
  norm?: Module<[input: Tensor], Tensor> | null
}

/** torch.nn.TransformerDecoder: `num_layers` copies of a layer, then `norm`. */
export class TransformerDecoder extends Module<[tgt: Tensor, memory: Tensor, ...rest: CallRest], Tensor> {
  layers: ModuleList
  norm: Module<[input: Tensor], Tensor> | null

  constructor(
    decoder_layer: TransformerDecoderLayer,
    readonly num_layers: number,
    ...rest: Rest<DecoderOptions, ['norm']>
  ) {
    super()
    const { norm = null } = named<DecoderOptions>('TransformerDecoder', rest, ['norm'])
    this.layers = new ModuleList(Array.from({ length: num_layers }, () => decoder_layer.clone()))
    this.norm = norm
  }

  override forward(tgt: Tensor, memory: Tensor, ...rest: CallRest): Tensor {
    const options = named<DecoderCall>('TransformerDecoder', rest, callNames)
    const tgt_mask = canonicalMask(options.tgt_mask ?? null, 'tgt_mask', tgt.dtype)
    const tgt_is_causal = options.tgt_is_causal ?? isCausal(tgt_mask)
    let output = tgt
    for (const layer of this.layers) {
      output = (layer as TransformerDecoderLayer)(output, memory, { ...options, tgt_mask, tgt_is_causal })
    }
    return this.norm === null ? output : this.norm(output)
  }
}
