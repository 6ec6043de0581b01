import { describe, expect, it } from 'vitest'

import { torch } from '../../../../lib/index.js'
import type { OptimizerState } from '../../../../lib/torch/optim/index.js'
import type { Tensor } from '../../../../lib/torch/tensor.js'
import {
  advance,
  indices,
  makeRun,
  type OptimizerCase,
  withTensors,
} from '../../../../scripts/parity/optimizer-cases.js'
import { expectClose } from '../../roberta/close.js'
import { readGolden, shapeOf } from './golden.js'

const { cases, tensor } = await readGolden<OptimizerCase>('optimizers')
// Bits depend on the CPU's instruction set: `npm run parity` compares those, live.
const tolerance = (name: string) => (name === 'LBFGS' ? 2e-5 : 1e-6)

torch.set_num_threads(1)

function expectParameters(spec: OptimizerCase, params: Tensor[], moment: string): void {
  for (const i of indices) {
    const expected = tensor(`${spec.key}/${moment}/${i}`)
    const scale = Math.max(1, expected.abs().max().item())
    const what = `parameter ${i} of ${spec.class} at the ${moment}`
    expectClose(params[i] as Tensor, expected, tolerance(spec.class) * scale, what)
  }
}

describe.each(cases.map((spec) => [`${spec.class} ${JSON.stringify(spec.options)}`, spec] as const))(
  '%s',
  (_, spec) => {
    it('follows PyTorch, and its state has the same shape', () => {
      const made = makeRun(spec, tensor, 'in/start')
      advance(spec, tensor, made, 0, spec.half)
      expectParameters(spec, made.params, 'half')
      const expected = withTensors(spec.state_dict, tensor) as OptimizerState<{ lr: number }>
      const actual = made.optimizer.state_dict()
      if (spec.class === 'LBFGS') {
        // Steps of the line search are tensors there, numbers here; rounding may end it one evaluation earlier.
        expect(Object.keys(actual.state[0] ?? {}).sort()).toEqual(Object.keys(expected.state[0] ?? {}).sort())
        expect(actual.param_groups).toEqual(expected.param_groups)
      } else {
        expect(shapeOf(actual)).toEqual(shapeOf(expected))
        for (const [id, state] of Object.entries(expected.state)) {
          for (const [name, value] of Object.entries(state)) {
            const mine = actual.state[Number(id)]?.[name] as Tensor
            expectClose(mine, value, 1e-5, `${name} of ${id}`)
          }
        }
      }
      advance(spec, tensor, made, spec.half, spec.steps)
      expectParameters(spec, made.params, 'end')
    })

    it("goes on from PyTorch's state", () => {
      const made = makeRun(spec, tensor, `${spec.key}/half`)
      made.optimizer.load_state_dict(withTensors(spec.state_dict, tensor) as OptimizerState<{ lr: number }>)
      advance(spec, tensor, made, spec.half, spec.steps)
      expectParameters(spec, made.params, 'end')
    })
  },
)

describe('optimizers', () => {
  const parameter = () => torch.ones([2]).requires_grad_()
  const { AdamW, LBFGS, SGD } = torch.optim

  it('take named parameters and later groups', () => {
    const [a, b] = [parameter(), parameter()]
    const optimizer = new SGD([['a', a]], { lr: 1 })
    optimizer.add_param_group({ params: [['b', b]], lr: 0.5 })
    expect(optimizer.state_dict().param_groups.map((group) => group.param_names)).toEqual([['a'], ['b']])
    a.mul(b).sum().backward()
    optimizer.step()
    expect([a.tolist(), b.tolist()]).toEqual([
      [0, 0],
      [0.5, 0.5],
    ])
    expect(() => optimizer.add_param_group({ params: [parameter()] })).toThrow(/all have names/)
  })

  it('step with a closure, which sees gradients although the step does not', () => {
    const x = parameter()
    const optimizer = new SGD([x], { lr: 0.1 })
    const loss = optimizer.step(() => {
      optimizer.zero_grad()
      const value = x.pow(2).sum()
      value.backward()
      return value
    })
    expect(loss.item()).toBe(2)
    expectClose(x, torch.tensor([0.8, 0.8]), 1e-7, 'x')
    optimizer.zero_grad({ set_to_none: false })
    expect(x.grad?.tolist()).toEqual([0, 0])
  })

  it('are fused by default for AdamW only, unless foreach is asked for', () => {
    expect(new AdamW([parameter()]).defaults.fused).toBe(true)
    expect(new AdamW([parameter()], { foreach: true }).defaults.fused).toBe(false)
    expect(new torch.optim.Adam([parameter()]).defaults.fused).toBe(null)
  })

  it('refuse what makes no sense', () => {
    const x = parameter()
    expect(() => new SGD([])).toThrow(/empty list/)
    expect(() => new SGD([x], { lr: -1 })).toThrow(/Invalid learning rate: -1/)
    expect(() => new SGD([x], { lr: torch.tensor(0.1) as unknown as number })).toThrow(/lr is a number/)
    expect(() => new SGD([x, x])).toThrow(/more than one parameter group/)
    expect(() => new SGD([x.mul(2)])).toThrow(/non-leaf/)
    expect(() => new SGD([x], { nesterov: true })).toThrow(/Nesterov/)
    expect(() => new SGD([x], { fused: true, foreach: true })).toThrow(/together/)
    expect(() => new AdamW([{ params: [x], betas: [0.9, 1] }])).toThrow(/index 1: 1/)
    expect(() => new AdamW([x], { capturable: true })).toThrow(/capturable/)
    expect(() => new torch.optim.Adafactor([x], { d: 0.5 })).toThrow(/0.5/)
    expect(() => new torch.optim.Adam([torch.zeros([2], { dtype: torch.complex64 })])).toThrow(
      /view_as_complex/,
    )
    expect(() => new LBFGS([x]).step()).toThrow(/closure/)
    expect(() => new AdamW([x]).load_state_dict({ state: {}, param_groups: [] })).toThrow(/groups of/)
  })

  it('say which state a loaded dictionary lacks', () => {
    const x = parameter()
    const optimizer = new AdamW([x])
    const dict = optimizer.state_dict()
    optimizer.load_state_dict({ ...dict, state: { 0: { step: torch.ones([]) } } })
    x.sum().backward()
    expect(() => optimizer.step()).toThrow(/no 'exp_avg'/)
  })
})
