/** The models that more than one check uses. */

import { join } from 'node:path'

import { RobertaForMaskedLM, RobertaForSequenceClassification, RobertaModel } from '../../lib/index.js'
import { packageRoot } from '../../lib/native/paths.js'

export const classes = {
  model: RobertaModel,
  'masked-lm': RobertaForMaskedLM,
  'sequence-classification': RobertaForSequenceClassification,
} as const

export const fixtures = join(packageRoot, 'test', 'fixtures')

/** A configuration of `layers` × `hidden` with 512 tokens in its vocabulary and dropout 0.1. */
export const smallConfig = (layers: number, hidden: number) => ({
  vocab_size: 512,
  hidden_size: hidden,
  num_hidden_layers: layers,
  num_attention_heads: Math.max(2, hidden / 64),
  intermediate_size: 4 * hidden,
  max_position_embeddings: 130,
  type_vocab_size: 1,
  layer_norm_eps: 1e-5,
})
