export * from './configuration.js'
export * from './modeling.js'
