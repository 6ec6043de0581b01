export { type PipelineOptions, type PipelineTask, pipeline } from './create-pipeline.js'
export {
  type FeatureExtractionOptions,
  FeatureExtractionPipeline,
  type Features,
} from './feature-extraction.js'
export { type FilledMask, type FillMaskOptions, FillMaskPipeline } from './fill-mask.js'
export type { PipelineModel, PipelineTokenizer } from './forward.js'
export { Pipeline, type PipelineParts } from './pipeline.js'
export type { PipelineProgress, RunOptions } from './run-options.js'
export {
  type Classification,
  type TextClassificationInput,
  type TextClassificationOptions,
  TextClassificationPipeline,
} from './text-classification.js'
export type { TokenizeOptions } from './texts.js'
export {
  type ZeroShotClassification,
  type ZeroShotClassificationOptions,
  ZeroShotClassificationPipeline,
} from './zero-shot-classification.js'
