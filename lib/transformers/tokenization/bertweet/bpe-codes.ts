/** Byte-pair encoding by fastBPE's codes: characters, of which the last of a word carries `</w>`. */

import { splitAtBlanks } from '../../../python-blanks.js'
import { Heap } from '../heap.js'

const END = '</w>'

/** Ranks of the pairs that are merged, by their left and right parts. */
export type BpeCodes = ReadonlyMap<string, ReadonlyMap<string, number>>

/**
 * Reads bpe.codes: two tokens and how often they met, on each line. As in Python, what follows the last line end is no
 * line, and lines of another form merge nothing.
 */
export function parseBpeCodes(text: string): BpeCodes {
  const codes = new Map<string, Map<string, number>>()
  const lines = text.split(/\r\n|\r|\n/).slice(0, -1)
  for (const [rank, line] of lines.entries()) {
    const [left, right, ...more] = splitAtBlanks(line)
    if (left === undefined || right === undefined || more.length !== 1) continue
    const ofLeft = codes.get(left)
    if (ofLeft) ofLeft.set(right, rank)
    else codes.set(left, new Map([[right, rank]]))
  }
  return codes
}

interface Merge {
  readonly rank: number
  readonly at: number
  readonly left: string
  readonly right: string
}

const precedes = (a: Merge, b: Merge) => (a.rank === b.rank ? a.at < b.at : a.rank < b.rank)

/** The pieces of a word before they are marked: all places of the pair of lowest rank are merged, then the next's. */
function pieces(word: string, codes: BpeCodes): string[] {
  const symbols: (string | undefined)[] = [...word]
  symbols.push(`${symbols.pop() ?? ''}${END}`)
  const next = symbols.map((_, i) => i + 1)
  const previous = symbols.map((_, i) => i - 1)
  const queue = new Heap<Merge>(precedes)
  const consider = (at: number) => {
    const left = symbols[at]
    const right = symbols[next[at] ?? symbols.length]
    if (left === undefined || right === undefined) return
    const rank = codes.get(left)?.get(right)
    if (rank !== undefined) queue.push({ rank, at, left, right })
  }
  for (let at = 0; at < symbols.length; at++) consider(at)
  while (queue.first) {
    const { rank } = queue.first
    const round: Merge[] = []
    while (queue.first?.rank === rank) round.push(queue.pop() as Merge)
    for (const { at, left, right } of round) {
      const after = next[at] ?? symbols.length
      if (symbols[at] !== left || symbols[after] !== right) continue
      symbols[at] = left + right
      symbols[after] = undefined
      const beyond = next[after] ?? symbols.length
      next[at] = beyond
      if (beyond < symbols.length) previous[beyond] = at
      consider(previous[at] ?? -1)
      consider(at)
    }
  }
  return symbols.filter((symbol) => symbol !== undefined)
}

/** The tokens of one word: all but the last end with `@@`. */
export function applyBpe(word: string, codes: BpeCodes): string[] {
  const found = pieces(word, codes)
  // A single character is never looked up with its end mark.
  const last = found.length - 1
  return found.map((piece, i) => (i < last ? `${piece}@@` : piece.slice(0, -END.length)))
}
