export { AutoConfig } from './auto-config.js'
export * from './auto-model.js'
export { AutoTokenizer } from './auto-tokenizer.js'
