/** Checkpoints of fairseq. */

export { fairseqConfig } from './config.js'
export { isFairseqFolder } from './files.js'
export { openFairseqWeights } from './weights.js'
