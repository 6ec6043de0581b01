/** Checkpoints: opened, fitted to a model, and written. */

export {
  type AssignOptions,
  assignWeights,
  describeLoading,
  type KeyRules,
  type LoadingInfo,
} from './assign.js'
export { type Candidate, type WeightOptions, weightCandidates } from './candidates.js'
export { loadedDType } from './dtype.js'
export { openWeights } from './open.js'
export { type SaveOptions, saveWeights } from './save.js'
export { readShardIndex } from './shard-index.js'
export type { Weights } from './state-dict.js'
