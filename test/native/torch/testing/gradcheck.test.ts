import { describe, expect, it } from 'vitest'

import { ArgumentError, GradcheckError, type Tensor, torch } from '../../../../lib/index.js'
import type { FunctionContext } from '../../../../lib/torch/autograd/index.js'
import { golden } from './golden.js'

const { gradcheck, gradgradcheck } = torch.autograd

class Wrong extends torch.autograd.Function {
  static forward(ctx: FunctionContext, x: Tensor) {
    ctx.save_for_backward(x)
    return x.mul(x)
  }

  static backward(ctx: FunctionContext, gradient: Tensor | null) {
    const [x] = ctx.saved_tensors as [Tensor]
    return (gradient as Tensor).mul(x).mul(1.5)
  }
}

function real(...shape: number[]): Tensor {
  const count = shape.reduce((product, size) => product * size, 1)
  return torch.linspace(0.5, 2, count, { dtype: torch.float64 }).reshape(shape).requires_grad_()
}
const complex = (...shape: number[]) =>
  torch.complex(real(...shape).detach(), real(...shape).detach().flip(0)).requires_grad_() // biome-ignore format: one line

type Check = [fn: (...inputs: Tensor[]) => Tensor | Tensor[], inputs: () => Tensor[]]
const one = (fn: (x: Tensor) => Tensor | Tensor[], inputs: () => Tensor[]): Check => [
  (...given) => fn(given[0] as Tensor),
  inputs,
]
const two = (fn: (x: Tensor, y: Tensor) => Tensor | Tensor[], inputs: () => Tensor[]): Check => [
  (...given) => fn(given[0] as Tensor, given[1] as Tensor),
  inputs,
]

// The functions of scripts/golden/testing.py.
const checks: Record<string, Check> = {
  product: two(
    (x, y) => x.mul(y),
    () => [real(2, 2), real(2)],
  ),
  'matmul-tanh': two(
    (x, y) => x.matmul(y).tanh(),
    () => [real(2, 3), real(3, 2)],
  ),
  'two-outputs': one(
    (x) => [x.exp(), x.sum()],
    () => [real(3)],
  ),
  scalar: one(
    (x) => x.sin(),
    () => [real()],
  ),
  'complex-product': two(
    (x, y) => x.mul(y),
    () => [complex(2), complex(2)],
  ),
  'complex-abs': one(
    (x) => x.abs(),
    () => [complex(3)],
  ),
  detached: one(
    (x) => x.detach().mul(0).sum(),
    () => [real(2)],
  ),
  wrong: one(
    (x) => Wrong.apply(x),
    () => [real(2, 2)],
  ),
  'wrong-second': two(
    (x, y) => [x.mul(y), Wrong.apply(y)],
    () => [real(2), real(2)],
  ),
  'wrong-complex': one(
    (x) => Wrong.apply(x),
    () => [complex(2)],
  ),
  dependent: one(
    (x) => x.detach().mul(2),
    () => [real(2)],
  ),
}

const number = /-?\d+\.\d*(e[-+]\d+)?/g
const words = (text: string) => text.replace(number, '#').replaceAll(/ +/g, ' ')

describe('gradients are checked as in Python', () => {
  it.each(golden.checked.map((entry) => [entry.name, entry.mode, entry] as const))(
    '%s, %s',
    (name, mode, { error }) => {
      const [fn, inputs] = checks[name] as Check
      torch.manual_seed(5)
      const run = () =>
        mode === 'second'
          ? gradgradcheck(fn, inputs())
          : gradcheck(fn, inputs(), { fast_mode: mode === 'fast' })
      if (error === null) {
        expect(run()).toBe(true)
        return
      }
      let text = ''
      try {
        run()
      } catch (failure) {
        expect((failure as Error).name).toBe(error.type === 'GradcheckError' ? error.type : 'ArgumentError')
        text = (failure as Error).message
      }
      if (error.type !== 'GradcheckError') return
      expect(words(text)).toBe(words(error.message))
      const [ours, theirs] = [text, error.message].map((each) =>
        [...each.matchAll(number)].map(([digits]) => Number(digits)),
      )
      for (const [i, value] of (theirs as number[]).entries()) expect(ours?.[i]).toBeCloseTo(value, 4)
    },
  )

  it('return false when told not to throw', () => {
    expect(gradcheck((x) => Wrong.apply(x), real(2), { raise_exception: false })).toBe(false)
    expect(gradgradcheck((x) => x.pow(3), real(2), null, { gen_non_contig_grad_outputs: true })).toBe(true)
  })

  it('leave inputs and random numbers as they were', () => {
    const x = real(3)
    const before = [x.tolist(), x._version, null]
    torch.manual_seed(1)
    const state = torch.get_rng_state()
    gradcheck((y) => y.exp(), x, { fast_mode: true })
    expect([x.tolist(), x._version, x.grad]).toEqual(before)
    expect(torch.equal(torch.get_rng_state(), state)).toBe(true)
  })

  it('know a Function that returns its input', () => {
    class Pass extends torch.autograd.Function {
      static forward(_: FunctionContext, x: Tensor) {
        return x
      }

      static backward(_: FunctionContext, gradient: Tensor | null) {
        return gradient
      }
    }
    const x = real(2)
    expect(Pass.apply(x) === x).toBe(false)
    expect(gradcheck((y) => Pass.apply(y.mul(2)), x)).toBe(true)
  })

  it('find passes that differ', () => {
    let noise = 0
    class Noisy extends torch.autograd.Function {
      static forward(_: FunctionContext, x: Tensor) {
        return x.mul(2)
      }

      static backward(_: FunctionContext, gradient: Tensor | null) {
        noise += 1e-9
        return (gradient as Tensor).mul(2 + noise)
      }
    }
    expect(() => gradcheck((x) => Noisy.apply(x), real(2))).toThrow('Backward is not reentrant')
    expect(gradcheck((x) => Noisy.apply(x), real(2), { nondet_tol: 1e-5 })).toBe(true)
  })

  it('refuse what cannot be checked', () => {
    const x = real(2)
    expect(() => gradcheck((y) => y.mul(2), x.detach())).toThrow(ArgumentError)
    const wide = real(1).detach().expand([3]).requires_grad_()
    expect(() => gradcheck((y) => y.mul(2), wide)).toThrow('stride 0')
    expect(() => gradcheck((y) => y.to_sparse(), x)).toThrow('sparse_coo')
    expect(() => torch.testing.gradcheck((y) => Wrong.apply(y), x)).toThrow(GradcheckError)
  })
})
