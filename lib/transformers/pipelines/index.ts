export { type PipelineOptions, type PipelineTask, pipeline } from './create-pipeline.js'
export {
  type FeatureExtractionOptions,
  FeatureExtractionPipeline,
  type Features,
} from './feature-extraction.js'
export { Pipeline, type PipelineModel, type PipelineParts, type PipelineTokenizer } from './pipeline.js'
export type { PipelineProgress, RunOptions } from './run-options.js'
export {
  type Classification,
  type TextClassificationInput,
  type TextClassificationOptions,
  TextClassificationPipeline,
} from './text-classification.js'
export type { TokenizeOptions } from './texts.js'
