/** torch.nn.functional: what Python writes by hand, and the operators that it passes on under their names. */

import * as images from '../../functions/functional.js'
import type { TorchFunctions } from '../../generated/torch-functions.js'
import { aten } from '../aten.js'
import * as activation from './activation.js'
import { multi_head_attention_forward } from './attention.js'
import * as distanceLoss from './distance-loss.js'
import { alpha_dropout, dropout, dropout1d, dropout2d, dropout3d, feature_alpha_dropout } from './dropout.js'
import { embedding, embedding_bag } from './embedding.js'
import * as likelihoodLoss from './likelihood-loss.js'
import * as loss from './loss.js'
import * as marginLoss from './margin-loss.js'
import * as normalization from './normalization.js'
import * as pooling from './pooling.js'
import * as upsampling from './upsample.js'

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

const handwritten = {
  ...activation,
  ...images,
  ...loss,
  ...distanceLoss,
  ...likelihoodLoss,
  ...marginLoss,
  ...normalization,
  ...pooling,
  ...upsampling,
  alpha_dropout,
  dropout,
  dropout1d,
  dropout2d,
  dropout3d,
  feature_alpha_dropout,
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
