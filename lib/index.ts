/** The public surface of robertorch, and nothing else. */

export * from './errors.js'
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
export {
  type Converted,
  type ConvertOptions,
  convertFairseq,
} from './transformers/checkpoint/fairseq/convert.js'
export type { LoadingInfo, SaveOptions } from './transformers/checkpoint/index.js'
export * from './transformers/optimization/index.js'
export { RobertaConfig, type RobertaFields } from './transformers/roberta/configuration.js'
export {
  type FromPretrainedOptions,
  type LabelledInputs,
  type ModelInputs,
  RobertaForMaskedLM,
  RobertaForSequenceClassification,
  RobertaModel,
} from './transformers/roberta/modeling.js'
export type {
  BaseModelOutput,
  MaskedLMOutput,
  SequenceClassifierOutput,
} from './transformers/roberta/outputs.js'
export * from './transformers/tokenization/index.js'
