import type { TokenizerDefinition } from './definition.js'
import type { SentencePiece } from './sentencepiece-model.js'

type Scored = readonly (readonly [token: string, score: number])[]

interface Merge {
  readonly left: string
  readonly right: string
  readonly score: number
  readonly lengths: readonly [left: number, right: number]
}

/** All ways to make a token of two pieces, in the order of the pieces' ids. */
function mergesOf(token: string, score: number, ids: ReadonlyMap<string, number>): Merge[] {
  const characters = [...token]
  const idOf = (piece: string) => ids.get(piece) ?? 0
  return characters
    .slice(1)
    .map((_, i): Merge => {
      const left = characters.slice(0, i + 1).join('')
      const right = characters.slice(i + 1).join('')
      return { left, right, score, lengths: [i + 1, characters.length - i - 1] }
    })
    .filter(({ left, right }) => ids.has(left) && ids.has(right))
    .sort((a, b) => idOf(a.left) - idOf(b.left) || idOf(a.right) - idOf(b.right))
}

/**
 * The BPE model of a SentencePiece model of type 2, as `SpmConverter` makes it: SentencePiece keeps no merges, so they are
 * those that lead from pieces to pieces, highest score and longest parts first (`generate_merges`).
 * @param pieces the model's own, whose order breaks ties
 * @param vocabulary tokens of the family in the order of their ids, with their scores
 */
export function bpeModel(
  pieces: readonly SentencePiece[],
  vocabulary: Scored,
  unknown: string,
): TokenizerDefinition['model'] {
  const ids = new Map(pieces.map(({ piece }, id) => [piece, id]))
  const merges = [...new Map(vocabulary)].flatMap(([token, score]) => mergesOf(token, score, ids))
  // Stable, as Python's.
  merges.sort((a, b) => b.score - a.score || b.lengths[0] - a.lengths[0] || b.lengths[1] - a.lengths[1])
  // Without a prototype `__proto__` is a token as any other.
  const vocab: Record<string, number> = Object.create(null)
  for (const [id, [token]] of vocabulary.entries()) vocab[token] = id
  return {
    type: 'BPE',
    dropout: null,
    unk_token: unknown,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: true,
    byte_fallback: false,
    ignore_merges: false,
    vocab,
    merges: merges.map(({ left, right }) => [left, right]),
  }
}
