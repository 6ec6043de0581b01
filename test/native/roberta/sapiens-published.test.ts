import { describe, expect, it } from 'vitest'

import { type RobertaForMaskedLM, torch } from '../../../lib/index.js'
import type { Tensor } from '../../../lib/torch/tensor.js'
import { attentionImplementations, fixtures } from './reference.js'
import {
  aminoAcids,
  bestResidues,
  encodeResidues,
  firstAminoAcid,
  loadSapiens,
  maskToken,
  readJson,
  residueProbabilities,
  unknownToken,
} from './sapiens.js'

// As the references were made.
torch.set_num_threads(1)

interface Infilled {
  input: string
  output: string
}
interface Published {
  predict_scores_H: { sequence: string; columns: string[]; rows: Record<string, Record<string, number>> }
  predict_masked_H: Infilled[]
  predict_best_score_H: Infilled[]
  mask_one_position_at_a_time_accuracy_H: { sequence: string; accuracy: number }
  mean_of_last_layer_over_residues_H: { sequence: string; values: number[] }
}

const published = Object.values(
  await readJson<Record<string, Published>>(fixtures, 'sapiens', 'published.json'),
)
// Package 1.0 reads * and X as <mask>; 1.1, the same weights in Hugging Face layout, as <unk>.
const groups = [
  { hidden: '<mask>', token: maskToken, numbers: published[0] as Published },
  { hidden: '<unk>', token: unknownToken, numbers: published[1] as Published },
]

/** Residues that come back when each in turn is hidden. */
function maskOneAtATime(model: RobertaForMaskedLM, sequence: string, token: number): string {
  const hidden = [...sequence].map((_, i) => `${sequence.slice(0, i)}*${sequence.slice(i + 1)}`)
  const input_ids = torch.cat(hidden.map((text) => encodeResidues(text, token)))
  const { logits } = torch.no_grad(() => model({ input_ids }))
  // Row i is hidden at residue i, which is token i + 1.
  const atHidden = logits
    .slice(1, 1, sequence.length + 1)
    .diagonal(0, 0, 1)
    .t() // (residues, 25)
  return bestResidues(atHidden).join('')
}

const countRight = (predicted: string, sequence: string) =>
  [...sequence].filter((residue, i) => residue === predicted[i]).length

describe.each(attentionImplementations)('published numbers of Sapiens, %s', (attention) => {
  describe.each(groups)('hidden residues as $hidden', ({ token, numbers }) => {
    it('probabilities of residues', async () => {
      const model = await loadSapiens('vh', attention)
      const { sequence, columns, rows } = numbers.predict_scores_H
      expect(columns).toEqual(aminoAcids)
      const probabilities = residueProbabilities(
        model,
        encodeResidues(sequence, token),
      ).tolist() as number[][]
      for (const [row, values] of Object.entries(rows)) {
        for (const [i, letter] of columns.entries()) {
          const got = probabilities[Number(row)]?.[firstAminoAcid + i] as number
          // Printed with six digits.
          expect(Math.abs(got - (values[letter] as number)), `${letter} at ${row}`).toBeLessThan(1e-6)
        }
      }
    })

    it('infilled and humanised sequences', async () => {
      const model = await loadSapiens('vh', attention)
      for (const { input, output } of numbers.predict_masked_H) {
        const best = bestResidues(residueProbabilities(model, encodeResidues(input, token)))
        expect([...input].map((letter, i) => (letter === '*' ? best[i] : letter)).join('')).toBe(output)
      }
      for (const { input, output } of numbers.predict_best_score_H) {
        expect(bestResidues(residueProbabilities(model, encodeResidues(input, token))).join('')).toBe(output)
      }
    })

    it('mean embedding of the last layer', async () => {
      const model = await loadSapiens('vh', attention)
      const { sequence, values } = numbers.mean_of_last_layer_over_residues_H
      const { hidden_states } = model({
        input_ids: encodeResidues(sequence, token),
        output_hidden_states: true,
      })
      const last = (hidden_states as readonly Tensor[]).at(-1)?.select(0, 0) as Tensor
      const mean = last.slice(0, 1, last.size(0) - 1).mean([0])
      expect(mean.sub(torch.tensor(values)).abs().max().item()).toBeLessThan(5e-6)
    })
  })

  it('accuracy when each residue in turn is hidden', async () => {
    const model = await loadSapiens('vh', attention)
    const { sequence, accuracy } = (published[0] as Published).mask_one_position_at_a_time_accuracy_H
    expect(countRight(maskOneAtATime(model, sequence, maskToken), sequence) / sequence.length).toBe(accuracy)
    // With <unk> it is one more (position 33 becomes M), also in float64: the second notebook shows the first's number.
    expect(countRight(maskOneAtATime(model, sequence, unknownToken), sequence)).toBe(75)
  })
})
