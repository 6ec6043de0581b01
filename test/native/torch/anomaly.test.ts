import { describe, expect, it } from 'vitest'

import { ArgumentError, type Tensor, torch } from '../../../lib/index.js'
import type { FunctionContext } from '../../../lib/torch/autograd/index.js'

const { detect_anomaly, set_detect_anomaly } = torch.autograd

// The gradient of sqrt at 0 is infinite, and 0 times infinity is NaN.
function makesNaN(x: Tensor): Tensor {
  return x.mul(0).sqrt()
}
const input = () => torch.ones([2]).requires_grad_()

function failure(work: () => void): Error {
  try {
    work()
  } catch (error) {
    return error as Error
  }
  throw new Error('nothing was thrown')
}

class Fails extends torch.autograd.Function {
  static forward(_: FunctionContext, x: Tensor) {
    return x.mul(2)
  }

  static backward(): null {
    throw new RangeError('no gradient today')
  }
}

describe('anomaly mode', () => {
  it('names the function and the forward call behind a NaN', () => {
    const { message } = failure(() => detect_anomaly(() => makesNaN(input()).sum().backward()))
    expect(message).toMatch(/^Function 'MulBackward0' returned nan values in its 0th output\./)
    expect(message).toContain(
      'Error detected in MulBackward0. Traceback of forward call that caused the error:\n    at makesNaN',
    )
    expect(message).not.toContain('SqrtBackward0')
  })

  it('is off without it, and costs nothing then', () => {
    const x = input()
    makesNaN(x).sum().backward()
    expect(x.grad?.isnan().all().item()).toBe(true)
    expect([torch.is_anomaly_enabled(), torch.is_anomaly_check_nan_enabled()]).toEqual([false, true])
  })

  it('tells other failures too, and leaves NaN alone when told so', () => {
    detect_anomaly(false, () => makesNaN(input()).sum().backward())
    const { message } = failure(() =>
      set_detect_anomaly(true, false, () => {
        const x = input()
        const y = x.mul(2)
        const z = y.exp()
        z.add_(1)
        z.sum().backward()
      }),
    )
    expect(message).toContain('modified by an inplace operation')
    expect(message).toContain('Error detected in ExpBackward0. Traceback of forward call')
    expect(message).toContain('anomaly.test.ts')
  })

  it("adds to the stack of a Function's own error and keeps the error", () => {
    const error = failure(() => detect_anomaly(() => Fails.apply(input()).sum().backward()))
    expect(error).toBeInstanceOf(RangeError)
    expect(error.message).toBe('no gradient today')
    expect(error.stack).toContain('Error detected in FailsBackward. Traceback of forward call')
    const quiet = failure(() => Fails.apply(input()).sum().backward())
    expect(quiet.stack).not.toContain('Traceback of forward call')
  })

  it('knows when nodes were made without it', () => {
    const y = makesNaN(input()).sum()
    const { message } = failure(() => detect_anomaly(() => y.backward()))
    expect(message).toContain(
      'No forward pass information available. Enable detect anomaly during forward pass',
    )
  })

  it('tells which calculation a double backward came from', () => {
    const { message } = failure(() =>
      detect_anomaly(() => {
        const x = torch.zeros([1]).requires_grad_()
        const [first] = torch.autograd.grad(x.pow(1.5), x, { create_graph: true }) as [Tensor]
        torch.autograd.grad(first.mul(0).sum(), x)
      }),
    )
    expect(message).toMatch(/^Function 'PowBackward0' returned nan values/)
    expect(message).toContain('Previous calculation was induced by PowBackward0. Traceback of forward call')
  })

  it('holds in backwardAsync, for calls made inside', async () => {
    const y = set_detect_anomaly(true, () => makesNaN(input()).sum())
    const inside = detect_anomaly(() => torch.autograd.backwardAsync.bind(null, y, { retain_graph: true }))
    await expect(inside()).resolves.toBeUndefined()
    const mode = detect_anomaly()
    const pending = torch.autograd.backwardAsync(y)
    mode[Symbol.dispose]()
    expect(torch.is_anomaly_enabled()).toBe(false)
    const error = await pending.catch((reason: Error) => reason)
    expect((error as Error).message).toMatch(/'MulBackward0' returned nan values[\s\S]*at makesNaN/)
  })

  it('nests and ends as the other modes', () => {
    const outer = set_detect_anomaly(true, false)
    set_detect_anomaly(false, () => expect(torch.is_anomaly_enabled()).toBe(false))
    expect([torch.is_anomaly_enabled(), torch.is_anomaly_check_nan_enabled()]).toEqual([true, false])
    outer[Symbol.dispose]()
    expect(torch.is_anomaly_enabled()).toBe(false)
    expect(() => detect_anomaly(() => Promise.resolve())).toThrow(ArgumentError)
    expect(torch.is_anomaly_enabled()).toBe(false)
  })
})
