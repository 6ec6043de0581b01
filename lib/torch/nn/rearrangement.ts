/** torch.nn: layers that rearrange or resize, and distances of vectors. */

import type { InterpolateOptions } from '../functions/interpolate.js'
import type { Tensor } from '../tensor.js'
import { aten } from './aten.js'
import { layer, pairs, shown } from './function-layer.js'
import { functional as F } from './functional/index.js'
import { pythonFloat } from './python-repr.js'

type Sizes = number | readonly number[]

export interface BlockOptions {
  kernel_size: Sizes
  dilation?: Sizes
  padding?: Sizes
  stride?: Sizes
}
const blocks = { dilation: 1, padding: 0, stride: 1 } as const

/** torch.nn.Unfold: blocks of (N, C, H, W) as columns (N, C * block, L). */
export const Unfold = layer<BlockOptions>()('Unfold', {
  needed: ['kernel_size'],
  names: ['dilation', 'padding', 'stride'],
  defaults: blocks,
  run: ({ kernel_size, dilation, padding, stride }, input) =>
    F.unfold(input, kernel_size, { dilation, padding, stride }),
  repr: ({ kernel_size, dilation, padding, stride }) => pairs({ kernel_size, dilation, padding, stride }),
})

/** torch.nn.Fold: the inverse of `Unfold`; overlaps are summed. */
export const Fold = layer<BlockOptions & { output_size: Sizes }>()('Fold', {
  needed: ['output_size', 'kernel_size'],
  names: ['dilation', 'padding', 'stride'],
  defaults: blocks,
  run: ({ output_size, kernel_size, dilation, padding, stride }, input) =>
    F.fold(input, output_size, kernel_size, { dilation, padding, stride }),
  repr: ({ output_size, kernel_size, dilation, padding, stride }) =>
    pairs({ output_size, kernel_size, dilation, padding, stride }),
})

/** torch.nn.PixelShuffle: (N, C * r², H, W) → (N, C, H * r, W * r). */
export const PixelShuffle = layer<{ upscale_factor: number }>()('PixelShuffle', {
  needed: ['upscale_factor'],
  run: ({ upscale_factor }, input) => aten.pixel_shuffle(input, upscale_factor),
  repr: ({ upscale_factor }) => pairs({ upscale_factor }),
})

/** torch.nn.PixelUnshuffle */
export const PixelUnshuffle = layer<{ downscale_factor: number }>()('PixelUnshuffle', {
  needed: ['downscale_factor'],
  run: ({ downscale_factor }, input) => aten.pixel_unshuffle(input, downscale_factor),
  repr: ({ downscale_factor }) => pairs({ downscale_factor }),
})

/** torch.nn.ChannelShuffle */
export const ChannelShuffle = layer<{ groups: number }>()('ChannelShuffle', {
  needed: ['groups'],
  run: ({ groups }, input) => aten.channel_shuffle(input, groups),
  repr: ({ groups }) => pairs({ groups }),
})

const resized = ({ size, scale_factor, mode = 'nearest' }: InterpolateOptions) => {
  const factor = typeof scale_factor === 'number' ? pythonFloat(scale_factor) : scale_factor?.map(pythonFloat)
  const text = Array.isArray(factor) ? `(${factor.join(', ')})` : factor
  const target = text === undefined ? pairs({ size }) : `scale_factor=${text}`
  return `${target}, mode='${mode}'`
}
type UpsampleOptions = Omit<InterpolateOptions, 'antialias'>

/** torch.nn.Upsample: `interpolate`. */
export const Upsample = layer<UpsampleOptions>()('Upsample', {
  names: ['size', 'scale_factor', 'mode', 'align_corners', 'recompute_scale_factor'],
  defaults: { mode: 'nearest' },
  run: ({ size, scale_factor, mode, align_corners, recompute_scale_factor }, input) =>
    F.interpolate(input, { size, scale_factor, mode, align_corners, recompute_scale_factor }),
  repr: resized,
})

/** torch.nn.UpsamplingNearest2d */
export const UpsamplingNearest2d = layer<UpsampleOptions>()('UpsamplingNearest2d', {
  names: ['size', 'scale_factor'],
  defaults: { mode: 'nearest' },
  run: ({ size, scale_factor }, input) => F.upsample_nearest(input, { size, scale_factor }),
  repr: resized,
})

/** torch.nn.UpsamplingBilinear2d */
export const UpsamplingBilinear2d = layer<UpsampleOptions>()('UpsamplingBilinear2d', {
  names: ['size', 'scale_factor'],
  defaults: { mode: 'bilinear' },
  run: ({ size, scale_factor }, input) => F.upsample_bilinear(input, { size, scale_factor }),
  repr: resized,
})

export interface LocalResponseLayerOptions {
  /** Channels that count. */
  size: number
  alpha?: number
  beta?: number
  k?: number
}

/** torch.nn.LocalResponseNorm */
export const LocalResponseNorm = layer<LocalResponseLayerOptions>()('LocalResponseNorm', {
  needed: ['size'],
  names: ['alpha', 'beta', 'k'],
  defaults: { alpha: 1e-4, beta: 0.75, k: 1 },
  run: ({ size, alpha, beta, k }, input) => F.local_response_norm(input, size, alpha, beta, k),
  repr: ({ size, alpha = 1e-4, beta = 0.75, k = 1 }) =>
    `${shown(size)}, ${pairs({ alpha, beta, k: pythonFloat(k) })}`,
})

type Two = [x1: Tensor, x2: Tensor]

/** torch.nn.CosineSimilarity along `dim`. */
export const CosineSimilarity = layer<{ dim?: number; eps?: number }, Two>()('CosineSimilarity', {
  names: ['dim', 'eps'],
  defaults: { dim: 1, eps: 1e-8 },
  run: ({ dim, eps }, x1, x2) => aten.cosine_similarity(x1, x2, dim, eps),
})

/** torch.nn.PairwiseDistance: the norm of order `p` of the differences of vectors (N, D). */
export const PairwiseDistance = layer<{ p?: number; eps?: number; keepdim?: boolean }, Two>()(
  'PairwiseDistance',
  {
    names: ['p', 'eps', 'keepdim'],
    defaults: { p: 2, eps: 1e-6, keepdim: false },
    run: ({ p, eps, keepdim }, x1, x2) => aten.pairwise_distance(x1, x2, p, eps, keepdim),
  },
)
