/** Spans that obey a scheme; seqeval's mode 'strict'. */

import { ArgumentError } from '../../errors.js'
import { rulesOf, type Scheme, type SchemeRules } from './schemes.js'
import { addSpan, type Spans, type TagSequences } from './sequences.js'

interface Token {
  readonly prefix: string
  readonly type: string
}

const OUTSIDE: Token = { prefix: 'O', type: '_' }

/**
 * Spans of all sentences by type. What breaks the scheme belongs to no span.
 *
 * @throws ArgumentError for a prefix that the scheme does not have.
 */
export function strictSpans(sequences: TagSequences, scheme: Scheme, suffix: boolean): Spans {
  const rules = rulesOf(scheme)
  const spans = new Map<string, Set<string>>()
  sequences.forEach((tags, sentence) => {
    const tokens = tags.map((tag) => parse(tag, suffix))
    const odd = tokens.findIndex(({ prefix }) => !rules.prefixes.includes(prefix))
    if (odd >= 0) {
      throw new ArgumentError(
        `tag '${tags[odd]}' of sentence ${sentence}, word ${odd} is none of scheme ${scheme}: its prefixes are ` +
          [...rules.prefixes].join(', '),
        { hint: "without mode: 'strict' tags are read as conlleval.pl does" },
      )
    }
    for (const [type, start, end] of spansOf([...tokens, OUTSIDE], rules)) {
      addSpan(spans, type, `${sentence} ${start} ${end}`)
    }
  })
  return spans
}

function parse(tag: string, suffix: boolean): Token {
  const type = suffix ? tag.slice(0, -1) : tag.slice(1)
  return { prefix: suffix ? tag.slice(-1) : tag.slice(0, 1), type: type.replace(/^-+|-+$/g, '') || '_' }
}

function spansOf(tokens: readonly Token[], rules: SchemeRules): [type: string, start: number, end: number][] {
  const spans: [string, number, number][] = []
  let before = OUTSIDE
  for (let i = 0; i < tokens.length; ) {
    const start = i++
    const token = tokens[start] as Token
    const opens = fits(rules.start, before, token)
    before = token
    if (!opens) continue
    while (i < tokens.length && fits(rules.inside, before, tokens[i] as Token)) before = tokens[i++] as Token
    if (i < tokens.length && fits(rules.end, before, tokens[i] as Token)) spans.push([token.type, start, i])
  }
  return spans
}

const fits = (patterns: readonly string[], before: Token, now: Token) =>
  patterns.some(
    ([prefixBefore, prefix, types]) =>
      (prefixBefore === '.' || prefixBefore === before.prefix) &&
      (prefix === '.' || prefix === now.prefix) &&
      (types === '*' || (types === '=') === (before.type === now.type)),
  )
