import { PassThrough } from 'node:stream'

import { expect, test } from 'vitest'

import { createTrainingProgress } from '../../lib/training-progress.js'

function record(isTTY: boolean) {
  const output = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY })
  const clock = { milliseconds: 5000 }
  return { output, clock, now: () => clock.milliseconds, text: () => String(output.read() ?? '') }
}

test('without a terminal: a line for each tenth, with loss, tokens per second and time left', () => {
  const { output, clock, now, text } = record(false)
  const progress = createTrainingProgress(40, { output, now })
  for (let i = 0; i < 40; i++) {
    clock.milliseconds += 2000
    progress.step({ loss: 0.5, tokens: 3000 })
  }
  progress.stop()
  const printed = text().trimEnd().split('\n')
  expect(printed).toHaveLength(10)
  expect(printed[0]).toBe('training: 10 %, 4/40 · loss 0.500 · 1,500 tokens/s · 1:12 left')
  expect(printed[9]).toBe('training: 100 %, 40/40 · loss 0.500 · 1,500 tokens/s · took 1:20')
})

test('fewer steps than tenths: a line for each step', () => {
  const { output, clock, now, text } = record(false)
  const progress = createTrainingProgress(3, { output, now, label: 'pre-training' })
  for (let i = 0; i < 3; i++) {
    clock.milliseconds += 3_600_000
    progress.step({ loss: 1, tokens: 10 })
  }
  expect(text().trimEnd().split('\n')).toEqual([
    'pre-training: 33 %, 1/3 · loss 1.000 · 0 tokens/s · 2:00:00 left',
    'pre-training: 66 %, 2/3 · loss 1.000 · 0 tokens/s · 1:00:00 left',
    'pre-training: 100 %, 3/3 · loss 1.000 · 0 tokens/s · took 3:00:00',
  ])
})

test('the loss shown follows the steps without jumping with each', () => {
  const { output, now, clock, text } = record(false)
  const progress = createTrainingProgress(2, { output, now })
  for (const loss of [1, 0]) {
    clock.milliseconds += 1000
    progress.step({ loss, tokens: 1 })
  }
  expect(text()).toContain('2/2 · loss 0.950')
})

test('on a terminal: one bar that ends with the last figures', () => {
  const { output, clock, now, text } = record(true)
  const progress = createTrainingProgress(2, { output, now })
  clock.milliseconds += 1000
  progress.step({ loss: 0.7, tokens: 500 })
  clock.milliseconds += 1000
  progress.step({ loss: 0.7, tokens: 700 })
  progress.stop()
  const printed = text()
  expect(printed).toContain('█')
  expect(printed).toContain('2/2 · loss 0.700 · 600 tokens/s · took 0:02')
  expect(printed.match(/\n/g)).toHaveLength(1)
})
