/** The token ids that both peers read: made once, without a generator of either side. */

/** Padded ids of some texts; labels are 0 and 1 in turn. */
export interface Batch {
  input_ids: number[][]
  attention_mask: number[][]
  labels: number[]
}

/** Lengths in tokens of the texts of each batch. */
export const batchLengths: Record<string, readonly number[]> = {
  '1x16': [16],
  '1x128': [128],
  '8x128': new Array(8).fill(128),
  'ragged 16x8..128': Array.from({ length: 16 }, (_, i) => 8 * (i + 1)),
}

const special = { bos: 0, pad: 1, eos: 2, firstWord: 4 }
const vocabulary = 50265

/** Tokens of a batch that are no padding. */
export const realTokens = (batch: string): number => lengthsOf(batch).reduce((sum, length) => sum + length, 0)

/** Tokens of a batch as it is computed, padding included. */
export function paddedTokens(batch: string): number {
  const lengths = lengthsOf(batch)
  return lengths.length * Math.max(...lengths)
}

/** Lengths of the texts of a batch, in tokens. */
export function lengthsOf(batch: string): readonly number[] {
  const lengths = batchLengths[batch]
  if (lengths === undefined) throw new Error(`no batch '${batch}'; known: ${Object.keys(batchLengths)}`)
  return lengths
}

/** All batches by name, always the same. */
export function makeBatches(): Record<string, Batch> {
  let state = 1
  const word = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0 // Numerical Recipes' generator
    return special.firstWord + (state % (vocabulary - special.firstWord))
  }
  const text = (length: number) => [special.bos, ...Array.from({ length: length - 2 }, word), special.eos]
  const padded = (row: number[], length: number, filler: number) => [
    ...row,
    ...new Array<number>(length - row.length).fill(filler),
  ]
  return Object.fromEntries(
    Object.entries(batchLengths).map(([name, lengths]) => {
      const longest = Math.max(...lengths)
      const batch: Batch = {
        input_ids: lengths.map((length) => padded(text(length), longest, special.pad)),
        attention_mask: lengths.map((length) => padded(new Array(length).fill(1), longest, 0)),
        labels: lengths.map((_, i) => i % 2),
      }
      return [name, batch]
    }),
  )
}
