/** Spans as the script conlleval.pl finds them, whatever the scheme; seqeval's `get_entities`. */

import process from 'node:process'

import { addSpan, type Spans, type TagSequences } from './sequences.js'

/** A span in a list of tags, both ends included: type, first word, last word. */
export type Chunk = readonly [type: string, start: number, end: number]

interface Tag {
  readonly prefix: string
  readonly type: string
}

const OUTSIDE: Tag = { prefix: 'O', type: '_' }

function parse(tag: string, suffix: boolean): Tag {
  if (suffix) {
    const rest = tag.slice(0, -1)
    const cut = rest.lastIndexOf('-')
    return { prefix: tag.slice(-1), type: (cut < 0 ? rest : rest.slice(0, cut)) || '_' }
  }
  const rest = tag.slice(1)
  return { prefix: tag.slice(0, 1), type: rest.slice(rest.indexOf('-') + 1) || '_' }
}

const isOutside = (prefix: string) => prefix === 'O' || prefix === '.'
const closing = new Set(['BB', 'BS', 'BO', 'IB', 'IS', 'IO'])
const opening = new Set(['EE', 'EI', 'SE', 'SI', 'OE', 'OI'])

const ends = (before: Tag, { prefix, type }: Tag) =>
  before.prefix === 'E' ||
  before.prefix === 'S' ||
  closing.has(before.prefix + prefix) ||
  (!isOutside(before.prefix) && before.type !== type)

const starts = (before: Tag, { prefix, type }: Tag) =>
  prefix === 'B' ||
  prefix === 'S' ||
  opening.has(before.prefix + prefix) ||
  (!isOutside(prefix) && before.type !== type)

/**
 * Spans of one sentence. Tags without one of the prefixes B, I, E, S are warned of once and read as conlleval.pl would.
 * Name and results of seqeval's `get_entities`.
 *
 * @param suffix whether the prefix stands at the end: `PER-B`
 */
export function get_entities(seq: readonly string[], suffix = false): Chunk[] {
  warnOfOddTags(seq, suffix)
  const chunks: Chunk[] = []
  let before: Tag = { prefix: 'O', type: '' }
  let begin = 0
  for (let i = 0; i <= seq.length; i++) {
    const tag = i < seq.length ? parse(seq[i] as string, suffix) : OUTSIDE
    if (ends(before, tag)) chunks.push([before.type, begin, i - 1])
    if (starts(before, tag)) begin = i
    before = tag
  }
  return chunks
}

/** Spans of all sentences by type. */
export function defaultSpans(sequences: TagSequences, suffix: boolean): Spans {
  const spans = new Map<string, Set<string>>()
  sequences.forEach((tags, sentence) => {
    for (const [type, start, end] of get_entities(tags, suffix)) {
      addSpan(spans, type, `${sentence} ${start} ${end}`)
    }
  })
  return spans
}

const warned = new Set<string>()

function warnOfOddTags(seq: readonly string[], suffix: boolean): void {
  const pattern = suffix ? /-[BIES]$|^[OBIES]$/ : /^[BIES]-|^[OBIES]$/
  for (const tag of seq) {
    if (pattern.test(tag) || warned.has(tag)) continue
    warned.add(tag)
    process.emitWarning(`${tag} seems to be no tag of a span, such as 'B-PER'`, {
      code: 'ROBERTORCH_SEQEVAL',
    })
  }
}
