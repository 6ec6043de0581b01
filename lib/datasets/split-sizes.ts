import { ArgumentError } from '../errors.js'

/** Options of `train_test_split`. */
export interface SplitOptions {
  /** Rows for the test, or their part of all (below 1). Default: what is left, or 0.25. */
  test_size?: number
  /** Rows for training, or their part of all (below 1). Default: what is left. */
  train_size?: number
  /** Default true. */
  shuffle?: boolean
  /** For the order; default: one that cannot be foreseen. */
  seed?: number
}

/** Numbers of rows for training and test, rounded as Python's `train_test_split` does. @throws ArgumentError */
export function splitSizes(rows: number, options: SplitOptions): [train: number, test: number] {
  const { train_size } = options
  const test_size = options.test_size ?? (train_size === undefined ? 0.25 : undefined)
  const count = (name: string, size: number | undefined, round: (size: number) => number) => {
    if (size === undefined) return undefined
    const isPart = size > 0 && size < 1
    if (!isPart && !(Number.isInteger(size) && size > 0 && size < rows)) {
      throw new ArgumentError(`${name} must be a part between 0 and 1 or fewer rows than ${rows}, is ${size}`)
    }
    return isPart ? round(size * rows) : size
  }
  const test = count('test_size', test_size, Math.ceil)
  const train = count('train_size', train_size, Math.floor)
  const sizes: [number, number] = [train ?? rows - (test ?? 0), test ?? rows - (train ?? 0)]
  if (sizes[0] + sizes[1] > rows) {
    throw new ArgumentError(`train_size and test_size want ${sizes[0] + sizes[1]} rows, there are ${rows}`)
  }
  if (sizes[0] === 0) {
    throw new ArgumentError(`of ${rows} rows none would be left for training`, { hint: 'lower test_size' })
  }
  return sizes
}
