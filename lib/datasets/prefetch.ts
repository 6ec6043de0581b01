import { ArgumentError } from '../errors.js'

/**
 * Batches one after the other, of which up to `ahead` are being made while one is used. A source that draws random
 * numbers draws them earlier than it would otherwise: give it a generator or a seed of its own. An error comes in its
 * batch's place; who stops early stops the source, too.
 *
 * @param batches a DataLoader whose collator is asynchronous, an IterableDataset, or anything else to iterate over
 * @throws ArgumentError for an `ahead` below 1; what the source throws.
 */
export async function* prefetch<T>(
  batches: AsyncIterable<T> | Iterable<T | Promise<T>>,
  { ahead = 2 }: { ahead?: number } = {},
): AsyncGenerator<Awaited<T>, undefined> {
  if (!Number.isInteger(ahead) || ahead < 1) {
    throw new ArgumentError(`ahead must be a whole number above 0, is ${ahead}`)
  }
  const source = iteratorOf(batches)
  const pending: Promise<IteratorResult<Awaited<T>>>[] = []
  const ask = () => {
    const next = source.next()
    // Whoever takes it sees the error; until then it must not count as unhandled.
    next.catch(() => undefined)
    pending.push(next)
  }
  try {
    for (let i = 0; i < ahead; i++) ask()
    for (let next = pending.shift(); next; next = pending.shift()) {
      const { done, value } = await next
      if (done) return
      ask()
      yield value
    }
  } finally {
    await Promise.allSettled(pending)
    await source.close()
  }
}

interface Source<T> {
  next(): Promise<IteratorResult<T>>
  close(): Promise<void>
}

function iteratorOf<T>(batches: AsyncIterable<T> | Iterable<T | Promise<T>>): Source<Awaited<T>> {
  if (Symbol.asyncIterator in batches) {
    const iterator = batches[Symbol.asyncIterator]()
    return {
      next: () => iterator.next() as Promise<IteratorResult<Awaited<T>>>,
      close: async () => {
        await iterator.return?.()
      },
    }
  }
  const iterator = batches[Symbol.iterator]()
  return {
    next: async () => {
      const { done, value } = iterator.next()
      return done ? { done, value: undefined } : { done: false, value: await value }
    },
    close: async () => {
      iterator.return?.()
    },
  }
}
