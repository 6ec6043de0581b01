/** What seqeval's functions take: tags by sentence. */

import { ArgumentError, ShapeError } from '../../errors.js'

/** A tag for every word of every sentence: 'O', 'B-PER', … */
export type TagSequences = readonly (readonly string[])[]

/** How often each type of span is right, predicted and true. */
export interface SpanCounts {
  readonly type: string
  readonly correct: number
  readonly predicted: number
  readonly support: number
}

/** Spans by type; a span is a text that is the same for the same place. */
export type Spans = ReadonlyMap<string, ReadonlySet<string>>

/** @throws ShapeError unless both have as many sentences and as many tags in each; ArgumentError for what is no tag. */
export function requireSameShape(y_true: TagSequences, y_pred: TagSequences): void {
  if (y_true.length !== y_pred.length) {
    throw new ShapeError(`y_true has ${y_true.length} sentences, y_pred has ${y_pred.length}`)
  }
  y_true.forEach((tags, sentence) => {
    const predicted = y_pred[sentence] as readonly string[]
    if (tags.length !== predicted.length) {
      throw new ShapeError(
        `sentence ${sentence} has ${tags.length} tags in y_true, ${predicted.length} in y_pred`,
        { hint: 'leave out the positions whose label is -100, on both sides' },
      )
    }
    requireTags('y_true', tags, sentence)
    requireTags('y_pred', predicted, sentence)
  })
}

function requireTags(name: string, tags: readonly string[], sentence: number): void {
  const at = tags.findIndex((tag) => typeof tag !== 'string' || tag === '')
  if (at < 0) return
  throw new ArgumentError(
    `${name}[${sentence}][${at}] must be a tag such as 'B-PER', is ${JSON.stringify(tags[at])}`,
  )
}

/** Joins the spans of both sides, types in alphabetical order. */
export function countSpans(truth: Spans, predicted: Spans): SpanCounts[] {
  const types = [...new Set([...truth.keys(), ...predicted.keys()])].sort()
  const none: ReadonlySet<string> = new Set()
  return types.map((type) => {
    const [right, found] = [truth.get(type) ?? none, predicted.get(type) ?? none]
    const correct = [...found].filter((span) => right.has(span)).length
    return { type, correct, predicted: found.size, support: right.size }
  })
}

/** Adds a span to those of its type. */
export function addSpan(spans: Map<string, Set<string>>, type: string, place: string): void {
  const known = spans.get(type)
  if (known) known.add(place)
  else spans.set(type, new Set([place]))
}
