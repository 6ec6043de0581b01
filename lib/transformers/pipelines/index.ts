export type { Answer } from './answers.js'
export { type PipelineOptions, type PipelineTask, pipeline } from './create-pipeline.js'
export type { AggregationStrategy, EntityGroup, TokenEntity } from './entities.js'
export {
  type FeatureExtractionOptions,
  FeatureExtractionPipeline,
  type Features,
} from './feature-extraction.js'
export { type FilledMask, type FillMaskOptions, FillMaskPipeline } from './fill-mask.js'
export type { PipelineModel, PipelineTokenizer } from './forward.js'
export { Pipeline, type PipelineParts } from './pipeline.js'
export {
  type QuestionAnsweringOptions,
  QuestionAnsweringPipeline,
  type QuestionInput,
  type QuestionsInput,
} from './question-answering.js'
export type { PipelineProgress, RunOptions } from './run-options.js'
export { type SentenceEmbeddingOptions, SentenceEmbeddingPipeline } from './sentence-embedding.js'
export {
  type SentenceSimilarityInput,
  type SentenceSimilarityOptions,
  SentenceSimilarityPipeline,
} from './sentence-similarity.js'
export type { SentenceOptions } from './sentences.js'
export {
  type Classification,
  type TextClassificationInput,
  type TextClassificationOptions,
  TextClassificationPipeline,
} from './text-classification.js'
export type { TokenizeOptions } from './texts.js'
export { type TokenClassificationOptions, TokenClassificationPipeline } from './token-classification.js'
export {
  type ZeroShotClassification,
  type ZeroShotClassificationOptions,
  ZeroShotClassificationPipeline,
} from './zero-shot-classification.js'
