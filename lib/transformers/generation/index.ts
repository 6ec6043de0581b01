export { GenerationConfig, type GenerationFields } from './configuration.js'
export type { LogitsProcessor } from './logits-processor.js'
export type { BaseStreamer, GenerateDecoderOnlyOutput, GenerateOptions } from './options.js'
export type { StoppingCriterion } from './stopping.js'
