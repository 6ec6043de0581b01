/** WikiGold: sentences of Wikipedia with their names marked (see examples/data/README.md). */

import { readFileSync } from 'node:fs'

/** The words of a sentence, and the kind of name of each: `I-PER`, `I-LOC`, `I-ORG`, `I-MISC`, or `O`. */
export interface TaggedSentence {
  words: string[]
  tags: string[]
}

export const tagNames: readonly string[] = ['O', 'I-PER', 'I-LOC', 'I-ORG', 'I-MISC']

export function readWikigold(): TaggedSentence[] {
  const text = readFileSync(new URL('../data/wikigold.conll.txt', import.meta.url), 'utf8')
  return text
    .split(/\n\s*\n/)
    .map((lines) => lines.split('\n').filter((line) => line !== '' && !line.startsWith('-DOCSTART-')))
    .filter((lines) => lines.length > 0)
    .map((lines) => {
      const pairs = lines.map((line) => line.split(' ') as [word: string, tag: string])
      return { words: pairs.map(([word]) => word), tags: pairs.map(([, tag]) => tag) }
    })
}
