import { lstrip, rstrip } from '../../../python-blanks.js'
import type { AddedToken } from '../added-token.js'

/** A part of a text: its place there in UTF-16 units, and the token that it is. */
export interface TextPart {
  readonly text: string
  readonly start: number
  readonly added?: AddedToken
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')

/** Finds added tokens in texts: the leftmost first, the longest of those that begin there. */
export class AddedTokenFinder {
  readonly #tokens: ReadonlyMap<string, AddedToken>
  readonly #pattern?: RegExp

  constructor(tokens: Iterable<AddedToken>) {
    this.#tokens = new Map([...tokens].map((token) => [token.content, token]))
    const longestFirst = [...this.#tokens.keys()].sort((a, b) => b.length - a.length)
    if (longestFirst.length > 0) this.#pattern = new RegExp(longestFirst.map(escaped).join('|'), 'g')
  }

  #cut(text: string): { text: string; start: number }[] {
    const parts: { text: string; start: number }[] = []
    let end = 0
    for (const match of this.#pattern ? text.matchAll(this.#pattern) : []) {
      if (match.index > end) parts.push({ text: text.slice(end, match.index), start: end })
      parts.push({ text: match[0], start: match.index })
      end = match.index + match[0].length
    }
    if (end < text.length) parts.push({ text: text.slice(end), start: end })
    return parts
  }

  /**
   * Cuts a text into added tokens and what lies between, as `PreTrainedTokenizer.tokenize` of Transformers' slow tokenizers
   * does: flags work in the order of the tokens, each on what those before it have left.
   */
  split(text: string): TextPart[] {
    const parts = this.#cut(text)
    for (const [i, part] of parts.entries()) {
      const token = this.#tokens.get(part.text)
      if (!token) continue
      const left = parts[i - 1]
      const right = parts[i + 1]
      if (token.rstrip && right) {
        const stripped = lstrip(right.text)
        parts[i + 1] = { text: stripped, start: right.start + right.text.length - stripped.length }
      }
      if (token.lstrip && left) {
        parts[i - 1] = { ...left, text: rstrip(left.text) }
      }
      if (!token.single_word) continue
      // Python looks at the neighbours as they were before they were stripped, and gives the token to them as they are.
      if (left?.text && !left.text.endsWith(' ')) {
        const now = parts[i - 1] ?? left
        parts[i - 1] = { ...now, text: now.text + part.text }
      } else if (right?.text && !right.text.startsWith(' ')) {
        const now = parts[i + 1] ?? right
        parts[i + 1] = { text: part.text + now.text, start: part.start }
      } else continue
      parts[i] = { text: '', start: part.start }
    }
    return parts
      .filter((part) => part.text !== '')
      .map((part) => ({ ...part, added: this.#tokens.get(part.text) }))
  }
}
