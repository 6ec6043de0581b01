import { Heap } from '../heap.js'

/** A pair of tokens that may be merged next. */
export interface MergeCandidate {
  readonly first: number
  readonly second: number
  /** Index of the pair in the trainer's tables. */
  readonly pair: number
  /** Occurrences when it was put into the queue. */
  count: number
  /** Words that it occurs in. */
  readonly words: readonly number[]
}

/** Most frequent first; among equals the smaller ids first, which makes training deterministic. */
function precedes(a: MergeCandidate, b: MergeCandidate): boolean {
  if (a.count !== b.count) return a.count > b.count
  return a.first !== b.first ? a.first < b.first : a.second < b.second
}

/** Merge candidates, the next one first. */
export class MergeQueue extends Heap<MergeCandidate> {
  constructor() {
    super(precedes)
  }
}
