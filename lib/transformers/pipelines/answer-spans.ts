/** The likeliest answers in one window of a text: `select_starts_ends` and `decode_spans` of Transformers 4.57. */

/** Places in a window of the first and the last token of an answer, both included. */
export interface AnswerSpan {
  readonly first: number
  readonly last: number
  /** Probability of the first token to begin, times that of the last one to end the answer. */
  readonly score: number
}

/** What a model says of one window. */
export interface WindowScores {
  /** (tokens) logits */
  readonly start: Float32Array
  /** (tokens) logits */
  readonly end: Float32Array
  /** Tokens that an answer may begin or end with, and the first one, which stands for "no answer". */
  readonly allowed: readonly boolean[]
}

/**
 * The best spans, likeliest first.
 *
 * Spans of probability 0 are left out. Transformers fills up with them, in no particular order, where a window has
 * fewer spans than were asked for.
 *
 * @param top_k spans at most
 * @param max_answer_len tokens that a span may have
 * @returns the spans, and the probability that the window has no answer
 */
export function answerSpans(
  { start, end, allowed }: WindowScores,
  top_k: number,
  max_answer_len: number,
): { spans: AnswerSpan[]; nullScore: number } {
  const starts = probabilities(start, allowed)
  const ends = probabilities(end, allowed)
  const nullScore = product(starts, 0, ends, 0)
  const spans: AnswerSpan[] = []
  for (let first = 1; first < starts.length; first++) {
    if (!allowed[first]) continue
    const limit = Math.min(ends.length, first + max_answer_len)
    for (let last = first; last < limit; last++) {
      const score = allowed[last] ? product(starts, first, ends, last) : 0
      if (score > (spans.length < top_k ? 0 : (spans.at(-1)?.score ?? 0))) {
        insert(spans, { first, last, score }, top_k)
      }
    }
  }
  return { spans, nullScore }
}

/** Softmax over the allowed tokens, 0 for the others, in float32 as there. */
function probabilities(logits: Float32Array, allowed: readonly boolean[]): Float32Array {
  const highest = logits.reduce(
    (most, logit, i) => (allowed[i] ? Math.max(most, logit) : most),
    Number.NEGATIVE_INFINITY,
  )
  const powers = logits.map((logit, i) => (allowed[i] ? Math.exp(logit - highest) : 0))
  const sum = powers.reduce((total, power) => total + power, 0)
  return powers.map((power) => power / sum)
}

const product = (starts: Float32Array, first: number, ends: Float32Array, last: number) =>
  Math.fround((starts[first] as number) * (ends[last] as number))

/** Keeps `spans` sorted and no longer than `limit`; of equal scores the earlier one stays first. */
function insert(spans: AnswerSpan[], span: AnswerSpan, limit: number): void {
  let low = 0
  let high = spans.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((spans[middle] as AnswerSpan).score >= span.score) low = middle + 1
    else high = middle
  }
  spans.splice(low, 0, span)
  if (spans.length > limit) spans.pop()
}
