/** torch.nn */

import { clip_grad_norm_, clip_grad_value_ } from './clip-grad.js'
import { parameters_to_vector, vector_to_parameters } from './parameter-vector.js'

export * from './activation.js'
export { MultiheadAttention, type MultiheadAttentionOptions } from './attention.js'
export { BatchNorm1d } from './batch-norm.js'
export { ModuleDict, ModuleList, ParameterList, Sequential } from './containers.js'
export { Conv1d } from './conv.js'
export * from './distance-loss.js'
export { AlphaDropout, Dropout } from './dropout.js'
export { Embedding, EmbeddingBag } from './embedding.js'
export { Flatten, Unflatten } from './flatten.js'
export { functional } from './functional/index.js'
export type { RemovableHandle } from './hooks.js'
export * as init from './init.js'
export { Bilinear, Identity, Linear, type LinearOptions } from './linear.js'
export * from './loss.js'
export { type AnyModule, type ForwardHook, type ForwardPreHook, Module } from './module.js'
export { GroupNorm, LayerNorm, RMSNorm } from './normalization.js'
export { Parameter } from './parameter.js'
export { GRU, LSTM, type LSTMOptions, type RecurrentOptions, RNN } from './rnn.js'
export { GLU, LogSoftmax, Softmax } from './softmax.js'
export type { IncompatibleKeys } from './state-dict.js'
export { Transformer, TransformerEncoder } from './transformer-encoder.js'
export { type EncoderLayerOptions, TransformerEncoderLayer } from './transformer-encoder-layer.js'

/** torch.nn.utils */
export const utils = { clip_grad_norm_, clip_grad_value_, parameters_to_vector, vector_to_parameters }
