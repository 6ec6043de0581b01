import { ArgumentError, DatasetError } from '../errors.js'
import type { Dataset } from './dataset.js'

/** A split by name, or a part of it. */
export interface SplitPart {
  readonly name: string
  /** A part of the rows; undefined: all. */
  readonly slice?: (rows: number) => [start: number, end: number]
}

/** Reads `train`, `train[:100]`, `train[10%:20%]`. @throws ArgumentError for another form. */
export function parseSplit(split: string): SplitPart {
  const found = /^(\w[\w.-]*)(?:\[(-?\d+%?)?:(-?\d+%?)?\])?$/.exec(split)
  if (!found) {
    throw new ArgumentError(`split '${split}' has no known form`, {
      hint: "write 'train', 'train[:100]' or 'train[10%:20%]'",
    })
  }
  const [whole, name = '', from, to] = found
  if (whole === name) return { name }
  return { name, slice: (rows) => [bound(from, rows, 0), bound(to, rows, rows)] }
}

function bound(text: string | undefined, rows: number, missing: number): number {
  if (text === undefined) return missing
  const number = Number(text.replace('%', ''))
  const at = text.endsWith('%') ? pythonRound((number * rows) / 100) : number
  return Math.max(0, Math.min(rows, at < 0 ? rows + at : at))
}

/** Python rounds a half to the even number. */
function pythonRound(value: number): number {
  const below = Math.floor(value)
  if (value - below !== 0.5) return Math.round(value)
  return below % 2 === 0 ? below : below + 1
}

export function sliceRows(dataset: Dataset, { slice }: SplitPart): Dataset {
  if (!slice) return dataset
  const [start, end] = slice(dataset.length)
  return dataset.select(Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i))
}

/** @throws DatasetError for a split that there is not. */
export function requireSplit<T>(splits: Readonly<Record<string, T>>, name: string): T {
  const found = Object.hasOwn(splits, name) ? splits[name] : undefined
  if (found !== undefined) return found
  throw new DatasetError(`there is no split '${name}': there are ${Object.keys(splits).join(', ')}`)
}
