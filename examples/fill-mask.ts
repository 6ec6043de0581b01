/**
 * Restores damaged antibodies: a RoBERTa that learned the language of proteins guesses the residues that were not read.
 *
 *   npx tsx examples/fill-mask.ts [--fraction 0.1]
 *
 * The model is Sapiens (Merck, MIT), trained on human antibodies; it lies in the repository. Its words are amino acids, a
 * letter each. Nothing is trained here: it takes seconds.
 */

import { fileURLToPath } from 'node:url'

import { type FilledMask, pipeline } from 'robertorch'

import { draw, readFraction } from './support/fraction.js'
import { percent } from './support/metrics-table.js'

const folder = fileURLToPath(new URL('../test/fixtures/sapiens/vh', import.meta.url))
using fill = await pipeline('fill-mask', folder, { top_k: 3 })
const mask = fill.tokenizer.mask_token

// 1. One residue is missing: the three likeliest, each with the sequence that it makes.
const antibody =
  'EVQLVESGGGLVQPGGSLRLSCAASGFTFSSYAMSWVRQAPGKGLEWVSAISGSGGSTYYADSVKGRFTISRDNSKNTLYLQMNSLRAEDTAVYYCAK'
const damaged = (position: number) => `${antibody.slice(0, position)}${mask}${antibody.slice(position + 1)}`
console.log(damaged(7))
for (const { score, token_str } of await fill(damaged(7))) console.log(`  ${token_str} ${percent(score)}`)

// 2. Several are missing: an array for each.
const gap = `${antibody.slice(0, 20)}${mask}${mask}${mask}${antibody.slice(23)}`
const guesses = await fill<FilledMask[][]>(gap)
console.log(
  `${gap}\n  ${guesses.map(([best]) => best?.token_str).join('')}, and it was ${antibody.slice(20, 23)}`,
)

// 3. How often is the first guess right? Each residue in turn is hidden; rows go through the model together.
const positions = draw([...[...antibody].keys()], readFraction())
const answers = await fill(positions.map(damaged), { top_k: 1 })
const right = answers.filter(([best], i) => best?.token_str === antibody[positions[i] as number]).length
console.log(`${right} of ${positions.length} residues are guessed right`)

// 4. Only some candidates: how much likelier is what was there than two others?
const place = antibody.indexOf('AISGSGG')
for (const { score, token_str } of await fill(damaged(place), { targets: ['A', 'V', 'G'] })) {
  console.log(`  ${token_str} ${percent(score)}`)
}
