import { expect, test } from 'vitest'

import { readParagraphs } from '../../../examples/support/brown.js'
import { byWordList, readSentences } from '../../../examples/support/sentiment-sentences.js'

test('3,000 sentences, half of them praise', () => {
  const sentences = readSentences()
  expect(sentences).toHaveLength(3000)
  expect(sentences.filter(({ label }) => label === 1)).toHaveLength(1500)
  expect(sentences.filter(({ label }) => label === 0)).toHaveLength(1500)
  expect(sentences.every(({ text }) => text.length > 0)).toBe(true)
  expect([byWordList('A wonderful, great film.'), byWordList('Awful.')]).toEqual([1, 0])
})

test('paragraphs of fifteen genres, without the marks of the words', () => {
  const paragraphs = readParagraphs()
  expect(new Set(paragraphs.map(({ genre }) => genre)).size).toBe(15)
  expect(new Set(paragraphs.map(({ source }) => source)).size).toBe(500)
  expect(paragraphs[0]?.text).toMatch(/^The jury further said in term-end presentments that the City/)
  // What is left of slashes is the texts' own: fractions, and/or.
  const tagged = paragraphs.filter(({ text }) => /\w\/(at|nn|vbd|in|jj)\b/.test(text))
  expect(tagged.map(({ text }) => text)).toEqual([])
})
