/** Brackets, line breaks and dots: after `_tensor_str_with_formatter` of torch/_tensor_str.py. */

import type { PrintOptions } from './options.js'

/** What the layout needs beside the texts of the visible elements, in row-major order. */
export interface Layout {
  shape: readonly number[]
  /** Columns that stand in front of the first bracket. */
  indent: number
  summarize: boolean
  /** Characters of one element. */
  width: number
  options: PrintOptions
}

/** Whether a summary leaves out the middle of a dimension. */
export const isCut = (size: number, summarize: boolean, edgeitems: number) =>
  summarize && size > 2 * edgeitems

/** `[[1, 2],\n [3, 4]]`; `next` gives the texts one after the other. */
export function layOut(layout: Layout, next: () => string): string {
  const { indent, summarize, options } = layout
  const [size, ...rest] = layout.shape
  if (size === undefined) return next()
  const { edgeitems } = options
  const cut = isCut(size, summarize, edgeitems)
  const inner = { ...layout, shape: rest, indent: indent + 1 }
  const parts = Array.from({ length: cut ? 2 * edgeitems : size }, () => layOut(inner, next))
  if (rest.length > 0) {
    if (cut) parts.splice(edgeitems, 0, '...')
    return `[${parts.join(`,${'\n'.repeat(rest.length)}${' '.repeat(indent + 1)}`)}]`
  }
  if (summarize && edgeitems === 0) return '[...]'
  if (cut) parts.splice(edgeitems, 0, ' ...')
  const perLine = Math.max(1, Math.floor((options.linewidth - indent) / (layout.width + 2)))
  const lines: string[] = []
  for (let i = 0; i < parts.length; i += perLine) lines.push(parts.slice(i, i + perLine).join(', '))
  return `[${lines.join(`,\n${' '.repeat(indent + 1)}`)}]`
}
