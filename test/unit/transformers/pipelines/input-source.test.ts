import { setImmediate } from 'node:timers/promises'

import { describe, expect, it } from 'vitest'

import { openSource } from '../../../../lib/transformers/pipelines/input-source.js'

/** Counts what is taken from it, and notices its end. */
class Numbers {
  taken = 0
  closed = false

  async *later() {
    try {
      for (;;) yield this.taken++
    } finally {
      this.closed = true
    }
  }

  *now() {
    try {
      for (;;) yield this.taken++
    } finally {
      this.closed = true
    }
  }
}

describe('openSource', () => {
  it('gives an iterable piece by piece', async () => {
    const numbers = new Numbers()
    const source = openSource(numbers.now())
    expect(await source.take(3, true)).toEqual([0, 1, 2])
    expect(await source.take(2, false)).toEqual([3, 4])
    expect(numbers.taken).toBe(5)
    await source.close()
    expect(numbers.closed).toBe(true)
  })

  it('ends with nothing', async () => {
    const source = openSource([1, 2])
    expect(await source.take(5, true)).toEqual([1, 2])
    expect(await source.take(5, true)).toEqual([])
  })

  it('takes at once what an asynchronous iterable has, and reads no further than it may', async () => {
    const numbers = new Numbers()
    const source = openSource(numbers.later())
    expect(await source.take(4, true)).toEqual([0, 1, 2, 3])
    await setImmediate()
    expect(numbers.taken).toBeLessThan(300)
    await source.close()
    await setImmediate()
    expect(numbers.closed).toBe(true)
  })

  it('reads nothing before it is asked', async () => {
    const numbers = new Numbers()
    const source = openSource(numbers.later())
    await setImmediate()
    expect(numbers.taken).toBe(0)
    await source.close()
  })

  it('does not wait for inputs that are still to come', async () => {
    async function* slow() {
      yield 'first'
      await new Promise(() => {})
    }
    const source = openSource(slow())
    expect(await source.take(8, true)).toEqual(['first'])
    expect(await source.take(8, false)).toEqual([])
  })

  async function* brokenLater() {
    yield 1
    throw new Error('the disk is gone')
  }
  function* brokenNow() {
    yield 1
    throw new Error('the disk is gone')
  }

  it.each([
    ['an iterable', brokenNow],
    ['an asynchronous iterable', brokenLater],
  ])('gives what came before a failure of %s, then the failure', async (_, broken) => {
    const source = openSource<number>(broken())
    expect(await source.take(8, true)).toEqual([1])
    expect(await source.take(8, false)).toEqual([])
    await expect(source.take(8, true)).rejects.toThrow('the disk is gone')
  })
})
