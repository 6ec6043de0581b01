/**
 * Truncation and windows exactly as in `tokenizers/src/utils/truncation.rs` and `Encoding::truncate` (0.22), on
 * lengths only, so that it holds no state and copies no tokens.
 */
import { ArgumentError } from '../../errors.js'
import type { Span } from './sequence.js'

/** How to shorten what is too long. */
export type TruncationStrategy = 'longest_first' | 'only_first' | 'only_second' | 'do_not_truncate'
/** Side of the text that is cut or padded. */
export type Side = 'left' | 'right'

export interface Truncation {
  readonly strategy: Exclude<TruncationStrategy, 'do_not_truncate'>
  /** Tokens left for the texts themselves: the asked length less the special tokens. */
  readonly budget: number
  /** Tokens that a window shares with the one before it. */
  readonly stride: number
  readonly side: Side
}

/** Ranges of tokens of one sequence: the one that is kept, then the overflowing ones. */
function windows(length: number, keep: number, { stride, side }: Truncation): Span[] {
  if (keep >= length) return [[0, length]]
  if (keep === 0)
    return [
      [0, 0],
      [0, length],
    ] // as in Rust: all of it overflows, in one piece
  if (stride >= keep) {
    throw new ArgumentError(`stride is ${stride} but windows hold only ${keep} tokens of the text`, {
      hint: `pass a stride below ${keep} or a larger max_length`,
    })
  }
  const parts: Span[] = []
  const step = keep - stride
  if (side === 'right') {
    for (let start = 0; ; start += step) {
      const end = Math.min(start + keep, length)
      parts.push([start, end])
      if (end === length) return parts
    }
  }
  for (let end = length; ; end -= step) {
    const start = Math.max(end - keep, 0)
    parts.push([start, end])
    if (start === 0) return parts
  }
}

function longestFirst(lengths: readonly number[], budget: number): number[] {
  const [first = 0, second] = lengths
  if (second === undefined) return [budget]
  let shorter = Math.min(first, second)
  let longer = shorter > budget ? shorter : Math.max(shorter, budget - shorter)
  if (shorter + longer > budget) {
    shorter = Math.floor(budget / 2)
    longer = shorter + (budget % 2)
  }
  return first > second ? [longer, shorter] : [shorter, longer]
}

function keepOne(lengths: readonly number[], target: 0 | 1, remove: number, budget: number): number[] {
  const length = lengths[target]
  const name = target === 0 ? 'only_first' : 'only_second'
  if (length === undefined) {
    throw new ArgumentError(`truncation '${name}' needs a second text, and only one was given`, {
      hint: "pass text_pair, or truncation: 'longest_first'",
    })
  }
  if (length <= remove) {
    throw new ArgumentError(
      `truncation '${name}' must remove ${remove} tokens but that text has only ${length}` +
        ` (${budget} tokens are left for both texts)`,
      { hint: "pass a larger max_length, or truncation: 'longest_first'" },
    )
  }
  return lengths.map((other, i) => (i === target ? length - remove : other))
}

/**
 * Windows of each sequence (`lengths` holds one or two) under one truncation.
 * @throws ArgumentError if the strategy cannot shorten the texts enough or the stride is too large.
 */
export function truncate(lengths: readonly number[], truncation: Truncation | undefined): Span[][] {
  const whole = lengths.map((length): Span[] => [[0, length]])
  if (!truncation) return whole
  const { budget, strategy } = truncation
  const remove = lengths.reduce((sum, length) => sum + length, 0) - budget
  if (remove <= 0) return whole
  let keep: number[]
  if (budget === 0) keep = lengths.map(() => 0)
  else if (strategy === 'longest_first') keep = longestFirst(lengths, budget)
  else keep = keepOne(lengths, strategy === 'only_first' ? 0 : 1, remove, budget)
  return lengths.map((length, i) => windows(length, keep[i] ?? length, truncation))
}

/**
 * What `PreTrainedTokenizerBase.truncate_sequences` of Transformers 4.57 keeps of each text: slow tokenizers share odd
 * numbers in another way, and leave alone what they cannot shorten enough.
 * @param refused called where a text is left too long
 */
export function truncateSlowly(
  lengths: readonly number[],
  truncation: Truncation | undefined,
  refused: (remove: number, length: number) => void,
): Span[][] {
  const [first = 0, second] = lengths
  const remove = truncation ? first + (second ?? 0) - truncation.budget : 0
  if (!truncation || remove <= 0) return truncate(lengths, undefined)
  const { strategy, side } = truncation
  const cut = [0, 0]
  if (strategy === 'longest_first' && second !== undefined) {
    const uneven = Math.min(Math.abs(second - first), remove)
    const half = Math.floor((remove - uneven) / 2)
    const other = remove - uneven - half
    cut.splice(0, 2, ...(first > second ? [uneven + half, other] : [half, uneven + other]))
  } else {
    const target = strategy === 'only_second' ? 1 : 0
    const length = lengths[target]
    if (length !== undefined && length > remove) cut[target] = remove
    else if (length !== undefined) refused(remove, length)
  }
  return lengths.map((length, i) => {
    const kept = Math.max(0, length - (cut[i] ?? 0))
    return [side === 'right' ? [0, kept] : [length - kept, length]]
  })
}

/** Rows made of windows, in the order of Rust's `Encoding::merge_with`: the kept row first. */
export function windowRows([first = [], second]: readonly Span[][]): Span[][] {
  if (!second) return first.map((window) => [window])
  const [kept, ...overflowing] = first.map((a) => second.map((b) => [a, b]))
  return [...(kept?.slice(0, 1) ?? []), ...overflowing.flat(), ...(kept?.slice(1) ?? [])]
}
