/** Ways to write spans as tags, as rules about neighbours; the tables of `seqeval.scheme`. */

import { ArgumentError } from '../../errors.js'
import type { TagSequences } from './sequences.js'

/**
 * Rules are three characters: the prefix before, the prefix now ('.' for any), and whether both have the same type ('='),
 * different ones ('!') or any ('*').
 */
export interface SchemeRules {
  readonly prefixes: string
  readonly start: readonly string[]
  readonly inside: readonly string[]
  readonly end: readonly string[]
}

const rules = (prefixes: string, start: string, inside: string, end: string): SchemeRules => ({
  prefixes,
  start: start.split(' '),
  inside: inside.split(' '),
  end: end.split(' '),
})

export const schemes = {
  IOB1: rules('IOB', 'OI* II! BI* IB= BB=', 'BI= II=', 'II! IO* IB* BO* BI! BB='),
  IOB2: rules('IOB', '.B*', 'BI= II=', 'IO* II! IB* BO* BI! BB*'),
  IOE1: rules('IOE', 'OI* II! EI* EE=', 'II= IE=', 'II! IO* IE! EI= EE='),
  IOE2: rules('IOE', 'OI* OE* EI* EE* II! IE!', 'IE= II=', 'E.*'),
  IOBES: rules('IOBES', '.B* .S*', 'BI= BE= II= IE=', 'S.* E.*'),
  BILOU: rules('BILOU', '.B* .U*', 'BI= BL= II= IL=', 'U.* L.*'),
} as const

/** Names of the schemes: the classes of `seqeval.scheme`. */
export type Scheme = keyof typeof schemes

/** @throws ArgumentError for an unknown name. */
export function rulesOf(scheme: Scheme): SchemeRules {
  const found: SchemeRules | undefined = Object.hasOwn(schemes, scheme) ? schemes[scheme] : undefined
  if (found) return found
  throw new ArgumentError(`there is no scheme '${scheme}'`, {
    hint: `scheme is one of ${Object.keys(schemes).join(', ')}`,
  })
}

// Which prefixes speak for a scheme, in alphabetical order; the sets of seqeval's `auto_detect`.
const detected: [Scheme, ReadonlySet<string>][] = [
  ['IOB2', new Set(['BIO', 'BI', 'BO', 'B'])],
  ['IOE2', new Set(['EIO', 'EI', 'EO', 'E'])],
  ['IOBES', new Set(['BEIOS', 'BEIS', 'BEIO', 'BEOS', 'BEI', 'BES', 'BEO', 'BE', 'S'])],
  ['BILOU', new Set(['BILOU', 'BILU', 'BILO', 'BLOU', 'BIL', 'BLU', 'BLO', 'BL', 'U'])],
]

/**
 * The scheme that the prefixes of the tags speak for. Name and results of seqeval's `auto_detect`.
 *
 * @throws ArgumentError where they fit none.
 */
export function auto_detect(sequences: TagSequences, suffix = false): Scheme {
  const prefixes = new Set(
    sequences.flatMap((tags) => tags.map((tag) => (suffix ? tag.slice(-1) : tag.slice(0, 1)))),
  )
  const key = [...prefixes].sort().join('')
  const found = detected.find(([, sets]) => sets.has(key))
  if (found) return found[0]
  throw new ArgumentError(`the tags begin with ${[...prefixes].join(', ')}, which fits no scheme`, {
    hint: `pass scheme: one of ${Object.keys(schemes).join(', ')}`,
  })
}
