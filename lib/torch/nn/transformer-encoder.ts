/** torch.nn.TransformerEncoder */

import type { DeviceLike } from '../device.js'
import type { DTypeLike } from '../dtype.js'
import type { Tensor } from '../tensor.js'
import { named, type Rest } from './arguments.js'
import { aten } from './aten.js'
import { ModuleList } from './containers.js'
import { canonicalMask } from './functional/attention-mask.js'
import { Module } from './module.js'
import type { TransformerEncoderLayer } from './transformer-encoder-layer.js'

interface EncoderCall {
  /** (L, L) or (N * heads, L, L): bool, true for "do not look"; or numbers to add. */
  mask?: Tensor | null
  /** (N, L): bool, true for padding; or numbers to add. */
  src_key_padding_mask?: Tensor | null
  /** Whether `mask` is causal; null (default): find out. */
  is_causal?: boolean | null
}
const callNames = ['mask', 'src_key_padding_mask', 'is_causal'] as const
type EncoderCallNames = typeof callNames

interface EncoderOptions {
  /** Applied to the last layer's output. */
  norm?: Module<[input: Tensor], Tensor> | null
}

/** torch.nn.Transformer: its static part. The model of encoder and decoder is not here. */
export const Transformer = {
  /** (sz, sz), -Infinity above the diagonal, so that no position looks ahead. */
  generate_square_subsequent_mask(
    sz: number,
    options: { device?: DeviceLike; dtype?: DTypeLike } = {},
  ): Tensor {
    return aten.triu(aten.full([sz, sz], -Infinity, options), 1)
  },
}

/**
 * torch.nn.TransformerEncoder: `num_layers` copies of a layer, then `norm`. Padded positions keep values, as in
 * Python's training; its evaluation on nested tensors, which puts zeros there, is not taken.
 */
export class TransformerEncoder extends Module<
  [src: Tensor, ...rest: Rest<EncoderCall, EncoderCallNames>],
  Tensor
> {
  layers: ModuleList
  norm: Module<[input: Tensor], Tensor> | null

  constructor(
    encoder_layer: TransformerEncoderLayer,
    readonly num_layers: number,
    ...rest: Rest<EncoderOptions, ['norm']>
  ) {
    super()
    const { norm = null } = named<EncoderOptions>('TransformerEncoder', rest, ['norm'])
    this.layers = new ModuleList(Array.from({ length: num_layers }, () => encoder_layer.clone()))
    this.norm = norm
  }

  override forward(src: Tensor, ...rest: Rest<EncoderCall, EncoderCallNames>): Tensor {
    const options = named<EncoderCall>('TransformerEncoder', rest, callNames)
    const src_key_padding_mask = canonicalMask(
      options.src_key_padding_mask ?? null,
      'src_key_padding_mask',
      src.dtype,
    )
    const src_mask = canonicalMask(options.mask ?? null, 'mask', src.dtype)
    const is_causal = options.is_causal ?? isCausal(src_mask)
    let output = src
    for (const layer of this.layers) {
      output = (layer as TransformerEncoderLayer)(output, { src_mask, src_key_padding_mask, is_causal })
    }
    return this.norm === null ? output : this.norm(output)
  }
}

/** Whether a mask is that of `generate_square_subsequent_mask`. */
export function isCausal(mask: Tensor | null): boolean {
  if (mask?.ndim !== 2 || mask.size(0) !== mask.size(1)) return false
  const { dtype, device } = mask
  const causal = Transformer.generate_square_subsequent_mask(mask.size(0), { dtype, device })
  return Boolean(mask.eq(causal).all().item())
}
