import { batchSize } from './map.js'

/** Options of `batches`. */
export interface BatchesOptions<T, B> {
  batch_size: number
  /** Leave out a last batch that is not full. */
  drop_last?: boolean
  /** Makes a batch of rows, such as a data collator. Default: the rows as they are. */
  collate_fn?: (rows: T[]) => B | Promise<B>
}

/**
 * Batches of a stream, as a `DataLoader` makes them of data sets that have rows by number; `prefetch` makes some ahead.
 *
 * @throws ArgumentError for a `batch_size` below 1; what the source and the collator throw.
 */
export async function* batches<T, B = T[]>(
  rows: AsyncIterable<T> | Iterable<T>,
  { batch_size, drop_last = false, collate_fn = (batch) => batch as B }: BatchesOptions<T, B>,
): AsyncGenerator<B, undefined> {
  const size = batchSize({ batch_size })
  let batch: T[] = []
  for await (const row of rows) {
    batch.push(row)
    if (batch.length < size) continue
    yield await collate_fn(batch)
    batch = []
  }
  if (batch.length > 0 && !drop_last) yield await collate_fn(batch)
}
