/** The public surface of robertorch, and nothing else. */

export * as datasets from './datasets/index.js'
export * from './errors.js'
export type { HubOptions } from './hub/index.js'
export * as metrics from './metrics/index.js'
export { Device } from './torch/device.js'
export { DType } from './torch/dtype.js'
export { type Torch, torch } from './torch/index.js'
export type { TensorIndex } from './torch/indexing/indices.js'
export { Slice } from './torch/indexing/slice.js'
export * as npy from './torch/serialization/npy.js'
export * as safetensors from './torch/serialization/safetensors.js'
export type { Loaded, LoadOptions, Saved } from './torch/serialization/torch-file/index.js'
export { SharedTensor, type SharedToken } from './torch/sharing.js'
export { Tensor } from './torch/tensor.js'
export * from './transformers/auto/index.js'
export * from './transformers/bert/index.js'
export * from './transformers/camembert/index.js'
export {
  type Converted,
  type ConvertOptions,
  convertFairseq,
} from './transformers/checkpoint/fairseq/convert.js'
export type { LoadingInfo, SaveOptions } from './transformers/checkpoint/index.js'
export * from './transformers/data-collators/index.js'
export * from './transformers/generation/index.js'
export * from './transformers/modeling/index.js'
export * from './transformers/optimization/index.js'
export * from './transformers/pipelines/index.js'
export * from './transformers/roberta/index.js'
export {
  cos_sim,
  dot_score,
  type Embeddings,
  type PoolingMode,
  pairwise_cos_sim,
  pairwise_dot_score,
  type ScoreFunction,
  type SearchHit,
  type SemanticSearchOptions,
  type SimilarityName,
  semantic_search,
} from './transformers/sentence-transformers/index.js'
export * from './transformers/tokenization/index.js'
export * from './transformers/trainer/index.js'
export * from './transformers/xlm-roberta/index.js'
