import { expect, test, vi } from 'vitest'

import { readOptions } from '../../../examples/support/quickstart-options.js'

const read = (...words: string[]) => readOptions(['node', 'quickstart.ts', ...words])

test('defaults', () => {
  expect(read()).toEqual({ fraction: 1, epochs: 2, seed: 1, out: 'build/quickstart-model', texts: [] })
})

test('takes options and texts, and more passes over fewer mails', () => {
  expect(read('--fraction', '0.1', '--seed', '7', '--out', 'there', 'a text', 'another')).toEqual({
    fraction: 0.1,
    epochs: 6,
    seed: 7,
    out: 'there',
    texts: ['a text', 'another'],
  })
  expect(read('--fraction', '0.5').epochs).toBe(4)
  expect(read('--fraction', '0.5', '--epochs', '1').epochs).toBe(1)
})

test.each([
  [['--fraction', '0'], "must be above 0 and at most 1, is '0'"],
  [['--fraction', '1.5'], "must be above 0 and at most 1, is '1.5'"],
  [['--fraction', 'half'], "is 'half'"],
  [['--epochs', '0'], "must be a whole number from 1 on, is '0'"],
  [['--epochs', '1.5'], "is '1.5'"],
  [['--seed', '-1'], "must be a whole number from 0 on, is '-1'"],
])('refuses %s', (words, message) => {
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => {
    throw new Error('exit')
  })
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  try {
    expect(() => read(...words)).toThrow('exit')
    expect(exit).toHaveBeenCalledWith(1)
    expect(write.mock.calls.flat().join('')).toContain(message)
  } finally {
    vi.restoreAllMocks()
  }
})
