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

/** Binary heap of merge candidates. */
export class MergeQueue {
  readonly #heap: MergeCandidate[] = []

  push(candidate: MergeCandidate): void {
    const heap = this.#heap
    let at = heap.length
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = heap[above] as MergeCandidate
      if (!precedes(candidate, parent)) break
      heap[at] = parent
      at = above
    }
    heap[at] = candidate
  }

  pop(): MergeCandidate | undefined {
    const heap = this.#heap
    const top = heap[0]
    const last = heap.pop()
    if (top === undefined || last === undefined || heap.length === 0) return top
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      if (below >= heap.length) break
      if (
        below + 1 < heap.length &&
        precedes(heap[below + 1] as MergeCandidate, heap[below] as MergeCandidate)
      ) {
        below++
      }
      const child = heap[below] as MergeCandidate
      if (!precedes(child, last)) break
      heap[at] = child
      at = below
    }
    heap[at] = last
    return top
  }
}
