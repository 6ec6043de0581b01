/** torch.nn.functional: what Python writes by hand, and the operators that it passes on under their names. */

import * as images from '../../functions/functional.js'
import type { TorchFunctions } from '../../generated/torch-functions.js'
import { aten } from '../aten.js'
import * as activation from './activation.js'
import { multi_head_attention_forward } from './attention.js'
import * as distanceLoss from './distance-loss.js'
import { alpha_dropout, dropout } from './dropout.js'
import { embedding, embedding_bag } from './embedding.js'
import * as loss from './loss.js'
import * as normalization from './normalization.js'

const passedOn = [
  'avg_pool1d',
  'avg_pool2d',
  'avg_pool3d',
  'bilinear',
  'channel_shuffle',
  'conv1d',
  'conv2d',
  'conv3d',
  'conv_tbc',
  'conv_transpose1d',
  'conv_transpose2d',
  'conv_transpose3d',
  'cosine_similarity',
  'gelu',
  'glu',
  'group_norm',
  'hardshrink',
  'layer_norm',
  'linear',
  'log_softmax',
  'one_hot',
  'pairwise_distance',
  'pdist',
  'pixel_shuffle',
  'pixel_unshuffle',
  'prelu',
  'rms_norm',
  'scaled_dot_product_attention',
  'sigmoid',
  'softmax',
  'softplus',
  'softshrink',
  'tanh',
] as const satisfies readonly (keyof TorchFunctions)[]

type PassedOn = Pick<TorchFunctions, (typeof passedOn)[number]>

const { reductionCode: _, ...losses } = loss

const handwritten = {
  ...activation,
  ...images,
  ...losses,
  ...distanceLoss,
  ...normalization,
  alpha_dropout,
  dropout,
  embedding,
  embedding_bag,
  multi_head_attention_forward,
}

// Looked up when first used, so that importing stays quick.
for (const name of passedOn) {
  Object.defineProperty(handwritten, name, { get: () => aten[name], enumerable: true, configurable: true })
}

/** `torch.nn.functional`. */
export const functional = handwritten as typeof handwritten & PassedOn
