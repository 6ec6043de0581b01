/** The Sapiens models of test/fixtures: real trained RoBERTa weights, with the texts that they read. */

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { RobertaForMaskedLM, torch } from '../../../lib/index.js'
import type { Tensor } from '../../../lib/torch/tensor.js'
import { fixtures } from './reference.js'

/** The amino acids are tokens 4 to 23. */
export const aminoAcids = [...'ACDEFGHIKLMNPQRSTVWY']
export const firstAminoAcid = 4
export const maskToken = 24
export const unknownToken = 3

export const sapiensFolder = (chain: 'vh' | 'vl') => join(fixtures, 'sapiens', chain)
export const loadSapiens = (chain: 'vh' | 'vl', attn_implementation: 'eager' | 'sdpa') =>
  RobertaForMaskedLM.from_pretrained(sapiensFolder(chain), { attn_implementation })

/** `<s> residues </s>`, int64 (1, tokens); `hidden` stands for the residues written as * or X. */
export function encodeResidues(sequence: string, hidden = maskToken): Tensor {
  const ids = [...sequence].map((letter) => {
    if (letter === '*' || letter === 'X') return hidden
    const index = aminoAcids.indexOf(letter)
    return index < 0 ? unknownToken : index + firstAminoAcid
  })
  return torch.tensor([[0, ...ids, 2]])
}

/** Probabilities of all 25 tokens at each residue, (residues, 25). */
export function residueProbabilities(model: RobertaForMaskedLM, input_ids: Tensor): Tensor {
  const { logits } = torch.no_grad(() => model({ input_ids }))
  return logits
    .select(0, 0)
    .slice(0, 1, input_ids.size(1) - 1)
    .softmax(-1)
}

/** The likeliest amino acid at each residue. */
export function bestResidues(probabilities: Tensor): string[] {
  const best = probabilities.slice(1, firstAminoAcid, firstAminoAcid + aminoAcids.length).argmax(1)
  return (best.tolist() as number[]).map((index) => aminoAcids[index] as string)
}

export const readJson = async <T>(...path: string[]): Promise<T> =>
  JSON.parse(await readFile(join(...path), 'utf8')) as T
