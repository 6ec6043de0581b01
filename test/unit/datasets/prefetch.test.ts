import { setTimeout as sleep } from 'node:timers/promises'

import { expect, test } from 'vitest'

import { batches, Dataset, IterableDataset, prefetch } from '../../../lib/datasets/index.js'
import { ArgumentError } from '../../../lib/errors.js'

/** Numbers, and what happened to them. */
function source(count: number) {
  const log = { made: 0, closed: false }
  async function* numbers() {
    try {
      for (let i = 0; i < count; i++) {
        log.made++
        yield i
      }
    } finally {
      log.closed = true
    }
  }
  return { log, numbers }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

test('gives everything in order, and is so many ahead, no more', async () => {
  for (const ahead of [1, 2, 5]) {
    const { log, numbers } = source(20)
    const found: number[] = []
    for await (const number of prefetch(numbers(), { ahead })) {
      await sleep(1)
      expect(log.made).toBe(Math.min(20, number + 1 + ahead))
      found.push(number)
    }
    expect(found).toEqual(Array.from({ length: 20 }, (_, i) => i))
  }
})

test('work of a synchronous source with promises goes on at the same time', async () => {
  let running = 0
  let most = 0
  function* work() {
    for (let i = 0; i < 6; i++) {
      yield (async () => {
        most = Math.max(most, ++running)
        await sleep(5)
        running--
        return i
      })()
    }
  }
  expect(await all(prefetch(work(), { ahead: 3 }))).toEqual([0, 1, 2, 3, 4, 5])
  expect(most).toBe(3)
})

test('an error comes in its place and closes the source', async () => {
  async function* failing() {
    yield 1
    yield 2
    throw new RangeError('the third')
  }
  const found: number[] = []
  const read = async () => {
    for await (const number of prefetch(failing(), { ahead: 4 })) {
      await sleep(1)
      found.push(number)
    }
  }
  await expect(read()).rejects.toThrow(new RangeError('the third'))
  expect(found).toEqual([1, 2])
})

test('who stops early closes the source', async () => {
  const { log, numbers } = source(100)
  for await (const number of prefetch(numbers())) if (number === 3) break
  expect(log.closed).toBe(true)
  expect(log.made).toBeLessThan(10)
  await expect(all(prefetch(numbers(), { ahead: 0 }))).rejects.toThrow(ArgumentError)
})

test('batches of a stream', async () => {
  const rows = IterableDataset.from_generator(() => Dataset.from_dict<{ i: number }>({ i: [0, 1, 2, 3, 4] }))
  const collate_fn = async (batch: { i: number }[]) => batch.map(({ i }) => i)
  expect(await all(batches(rows, { batch_size: 2, collate_fn }))).toEqual([[0, 1], [2, 3], [4]])
  expect(await all(prefetch(batches(rows, { batch_size: 2, drop_last: true })))).toEqual([
    [{ i: 0 }, { i: 1 }],
    [{ i: 2 }, { i: 3 }],
  ])
  await expect(all(batches(rows, { batch_size: 0 }))).rejects.toThrow(ArgumentError)
})
