/** What the labels of single tokens say together: the aggregation of transformers TokenClassificationPipeline. */

/**
 * How tokens become entities.
 *
 * - `none`: each token for itself.
 * - `simple`: neighbours with the same label are one entity; `B-` begins another one.
 * - `first`, `average`, `max`: the same, but first the tokens of a word agree: on the label of the first one, on the
 *   highest mean of their scores, on the label of the surest one.
 */
export type AggregationStrategy = 'none' | 'simple' | 'first' | 'average' | 'max'

export const aggregationStrategies: readonly AggregationStrategy[] = [
  'none',
  'simple',
  'first',
  'average',
  'max',
]

/** A token of a text with the probability of each label. */
export interface LabelledToken {
  readonly word: string
  /** (labels) */
  readonly scores: Float32Array
  /** UTF-16 units of the text. */
  readonly start: number
  readonly end: number
  /** Place in the row, special tokens counted. */
  readonly index: number
  /** Belongs to the word of the token before. */
  readonly is_subword: boolean
}

/** A token and its label: the answer of `aggregation_strategy: 'none'`. */
export interface TokenEntity {
  entity: string
  /** Probability of the label. */
  score: number
  /** Place of the token in the row, special tokens counted. */
  index: number
  /** The token as the vocabulary writes it. */
  word: string
  /** `text.slice(start, end)` is what the token covers. */
  start: number
  end: number
}

/** Neighbouring tokens of one kind: the answer of all other strategies. */
export interface EntityGroup {
  /** Label without `B-` and `I-`. */
  entity_group: string
  /** Mean over its tokens, or its words, of the probability of their labels. */
  score: number
  /** The tokens as text; `text.slice(start, end)` is exactly what was written. */
  word: string
  start: number
  end: number
}

/** What a strategy needs to know of model and tokenizer. */
export interface EntityContext {
  readonly labelOf: (index: number) => string
  readonly textOf: (tokens: readonly string[]) => string
}

interface Part {
  readonly entity: string
  readonly score: number
  readonly word: string
  readonly start: number
  readonly end: number
}

/** Each token with its likeliest label. */
export function tokenEntities(tokens: readonly LabelledToken[], { labelOf }: EntityContext): TokenEntity[] {
  return tokens.map(({ scores, index, word, start, end }) => {
    const best = argmax(scores)
    return { entity: labelOf(best), score: scores[best] as number, index, word, start, end }
  })
}

/** Entities of neighbouring tokens by any strategy but `none`. */
export function entityGroups(
  tokens: readonly LabelledToken[],
  strategy: Exclude<AggregationStrategy, 'none'>,
  context: EntityContext,
): EntityGroup[] {
  const parts =
    strategy === 'simple'
      ? tokenEntities(tokens, context)
      : words(tokens).map((word) => wordEntity(word, strategy, context))
  const groups: Part[][] = []
  for (const part of parts) {
    const group = groups.at(-1)
    const last = group?.at(-1)
    if (group && last && continues(part.entity, last.entity)) group.push(part)
    else groups.push([part])
  }
  return groups.map((group) => {
    const [first, last] = ends(group)
    return {
      // As Transformers cuts it: at the first hyphen, whatever stands before it.
      entity_group: first.entity.slice(first.entity.indexOf('-') + 1),
      score: Math.fround(group.reduce((sum, { score }) => sum + score, 0) / group.length),
      word: context.textOf(group.map(({ word }) => word)),
      start: first.start,
      end: last.end,
    }
  })
}

/**
 * One entity where overlapping windows found several: the longest, among equally long ones the surest. Windows after
 * the first begin before the one before them ends, so that an entity may be cut in one and whole in the other.
 */
export function withoutOverlaps(entities: readonly EntityGroup[]): EntityGroup[] {
  const [first, ...others] = [...entities].sort((a, b) => a.start - b.start)
  if (!first) return []
  const kept: EntityGroup[] = []
  let current = first
  for (const entity of others) {
    if (entity.start >= current.end) {
      kept.push(current)
      current = entity
      continue
    }
    const longer = entity.end - entity.start - (current.end - current.start)
    if (longer > 0 || (longer === 0 && entity.score > current.score)) current = entity
  }
  return [...kept, current]
}

function words(tokens: readonly LabelledToken[]): LabelledToken[][] {
  const grouped: LabelledToken[][] = []
  for (const token of tokens) {
    const word = grouped.at(-1)
    if (word && token.is_subword) word.push(token)
    else grouped.push([token])
  }
  return grouped
}

function wordEntity(
  word: readonly LabelledToken[],
  strategy: 'first' | 'average' | 'max',
  { labelOf, textOf }: EntityContext,
): Part {
  const [first, last] = ends(word)
  const scores = {
    first: () => first.scores,
    max: () => word.reduce((surest, token) => (top(token) > top(surest) ? token : surest)).scores,
    average: () => first.scores.map((_, label) => mean(word, label)),
  }[strategy]()
  const best = argmax(scores)
  return {
    entity: labelOf(best),
    score: scores[best] as number,
    word: textOf(word.map((token) => token.word)),
    start: first.start,
    end: last.end,
  }
}

const mean = (word: readonly LabelledToken[], label: number) =>
  word.reduce((sum, { scores }) => sum + (scores[label] as number), 0) / word.length

const top = ({ scores }: LabelledToken) => scores[argmax(scores)] as number

function continues(entity: string, last: string): boolean {
  return !entity.startsWith('B-') && tag(entity) === tag(last)
}

const tag = (entity: string) => entity.replace(/^[BI]-/, '')

function ends<Item>(items: readonly Item[]): [first: Item, last: Item] {
  return [items[0] as Item, items.at(-1) as Item]
}

function argmax(scores: Float32Array): number {
  let best = 0
  for (let i = 1; i < scores.length; i++) if ((scores[i] as number) > (scores[best] as number)) best = i
  return best
}
