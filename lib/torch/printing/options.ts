/** torch.set_printoptions: how tensors print. */

import { ArgumentError } from '../../errors.js'

/** What `torch.get_printoptions` gives. */
export interface PrintOptions {
  /** Digits after the point. */
  precision: number
  /** A tensor of more elements is summarized; Infinity never. */
  threshold: number
  /** Elements at each end of a dimension in a summary. */
  edgeitems: number
  /** Characters per line. */
  linewidth: number
  /** Scientific notation: always, never, or (null) where the values need it. */
  sci_mode: boolean | null
}

const profiles: Record<string, Omit<PrintOptions, 'sci_mode'>> = {
  default: { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80 },
  short: { precision: 2, threshold: 1000, edgeitems: 2, linewidth: 80 },
  full: { precision: 4, threshold: Infinity, edgeitems: 3, linewidth: 80 },
}

let current: PrintOptions = { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80, sci_mode: null }

/** torch.get_printoptions: the options in force, in the form that `set_printoptions` takes. */
export const get_printoptions = (): PrintOptions => ({ ...current })

/**
 * torch.set_printoptions: changes the options that are given; `sci_mode` goes back to null when it is not, as in
 * Python. `profile` is 'default', 'short' or 'full'.
 *
 * @throws ArgumentError for a profile or number that printing cannot use.
 */
export function set_printoptions(
  options: Partial<PrintOptions> & { profile?: 'default' | 'short' | 'full' },
): void {
  const { profile, sci_mode = null, ...given } = options
  const base = profile === undefined ? current : profiles[profile]
  if (base === undefined) {
    throw new ArgumentError(`the profile must be ${Object.keys(profiles).join(', ')}, is '${profile}'`)
  }
  const next: PrintOptions = { ...current, ...base, sci_mode }
  const limits = { precision: 99, threshold: Infinity, edgeitems: Infinity, linewidth: Infinity }
  for (const [key, limit] of Object.entries(limits) as [keyof typeof limits, number][]) {
    const value = given[key]
    if (value === undefined) continue
    if (!(value >= 0 && value <= limit && (Number.isInteger(value) || value === Infinity))) {
      throw new ArgumentError(`${key} must be a whole number from 0 to ${limit}, is ${value}`)
    }
    next[key] = value
  }
  current = next
}
