export { AutoConfig } from './auto-config.js'
export * from './auto-model.js'
export { AutoTokenizer } from './auto-tokenizer.js'
export { fromSharedModel } from './shared-model.js'
