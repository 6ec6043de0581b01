/** What words are made of before anything is merged. */
import { byteAlphabet } from './byte-level.js'

/** The vocabulary so far. */
export interface GrowingVocabulary {
  /** Id of a token, a new one if it is not there. */
  add(token: string): number
  has(token: string): boolean
}

/** How WordPiece begins; `BpeTrainer`'s options of the same names. */
export interface WordPieceAlphabet {
  readonly continuingSubwordPrefix: string
  /** Characters that are kept, the most frequent ones. */
  readonly limitAlphabet?: number
}

/** The 256 bytes in the order of their characters; the ids of each word's bytes. */
export function byteTokens(words: Iterable<string>, vocabulary: GrowingVocabulary): number[][] {
  const alphabet = byteAlphabet()
  for (const character of [...alphabet].sort()) vocabulary.add(character)
  const ids = alphabet.map((character) => vocabulary.add(character))
  return Array.from(words, (word) => Array.from(Buffer.from(word), (byte) => ids[byte] ?? 0))
}

/**
 * All characters in the order of their code points, then those inside of words, with the prefix, as they come: the
 * library's order of these is another one in every run. Characters above the limit are left out, the rarest first.
 */
export function characterTokens(
  words: ReadonlyMap<string, number>,
  vocabulary: GrowingVocabulary,
  { continuingSubwordPrefix: prefix, limitAlphabet }: WordPieceAlphabet,
): number[][] {
  const counts = new Map<string, number>()
  for (const [word, count] of words) for (const c of word) counts.set(c, (counts.get(c) ?? 0) + count)
  const codePoint = (character: string) => character.codePointAt(0) ?? 0
  const kept = [...counts]
    .sort(([a, more], [b, less]) => less - more || codePoint(a) - codePoint(b))
    .slice(0, limitAlphabet)
    .map(([character]) => character)
    .sort((a, b) => codePoint(a) - codePoint(b))
  for (const character of kept) vocabulary.add(character)
  return Array.from(words.keys(), (word) =>
    [...word].flatMap((character, i) => {
      if (!vocabulary.has(character)) return []
      return [vocabulary.add(i === 0 ? character : prefix + character)]
    }),
  )
}
