import { expect, it } from 'vitest'

import { fuzz } from './driver.js'

const calls = 10_000

it(`survives ${calls} calls of random operators with random arguments`, async () => {
  const { returned, refused, failures } = await fuzz({ seed: 0, first: 0, calls, timeoutSeconds: 500 })
  expect(failures).toEqual([])
  expect(returned + refused).toBe(calls)
  // Neither must vanish: arguments that never fit, or a refusal that never comes, would test nothing.
  expect(returned).toBeGreaterThan(calls / 10)
  expect(refused).toBeGreaterThan(calls / 10)
})
