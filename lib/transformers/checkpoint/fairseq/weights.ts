import type { Weights } from '../state-dict.js'
import { isTied } from './config.js'
import { openFairseq } from './files.js'
import { chosenHead, classificationHeads, transformersWeights, upgradedWeights } from './keys.js'

/**
 * The weights of a folder of fairseq under transformers' names.
 *
 * @param head the classification head that becomes `classifier`; default the only one
 */
export async function openFairseqWeights(folder: string, head?: string): Promise<Weights> {
  const checkpoint = await openFairseq(folder, false)
  const upgraded = upgradedWeights(checkpoint.weights)
  const chosen = chosenHead(classificationHeads(upgraded), head, checkpoint.path)
  return transformersWeights(upgraded, chosen, isTied(checkpoint))
}
