import { describe, expect, it } from 'vitest'

import { ArgumentError, ShapeError, type Tensor, torch } from '../../../../lib/index.js'
import { golden, isClose } from './golden.js'

const { init } = torch.nn

const fillers: Record<string, (tensor: Tensor) => Tensor> = {
  uniform: (t) => init.uniform_(t, -1, 2),
  normal: (t) => init.normal_(t, 1, 0.5),
  constant: (t) => init.constant_(t, 0.3),
  eye: (t) => init.eye_(t),
  'xavier-uniform': (t) => init.xavier_uniform_(t, init.calculate_gain('tanh')),
  'xavier-normal': (t) => init.xavier_normal_(t, { gain: 2 }),
  'kaiming-uniform': (t) => init.kaiming_uniform_(t, { nonlinearity: 'relu' }),
  'kaiming-normal': (t) => init.kaiming_normal_(t, 0.1, { mode: 'fan_out' }),
  'trunc-normal': (t) => init.trunc_normal_(t, { std: 0.5, a: -0.6, b: 0.6 }),
  'trunc-normal-tail': (t) => init.trunc_normal_(t, 0, 1, 2, 4),
  orthogonal: (t) => init.orthogonal_(t, { gain: 1.5 }),
}

describe('torch.nn.init draws what PyTorch draws', () => {
  it.each(Object.keys(fillers))('%s', (name) => {
    for (const [rows, columns] of [
      [6, 4],
      [4, 6],
    ] as const) {
      const tensor = torch.empty([rows, columns])
      torch.manual_seed(2)
      expect(fillers[name]?.(tensor)).toBe(tensor)
      expect(isClose(tensor, golden(`init/${name}/${rows}x${columns}`)), `${rows}x${columns}`).toBe(true)
    }
  })

  it('takes a generator of its own and leaves the default one alone', () => {
    const before = torch.get_rng_state()
    const drawn = [1, 1, 2].map((seed) => {
      const generator = new torch.Generator().manual_seed(seed)
      return init.xavier_uniform_(torch.empty([3, 3]), { generator })
    }) as [Tensor, Tensor, Tensor]
    expect(torch.equal(drawn[0], drawn[1])).toBe(true)
    expect(torch.equal(drawn[0], drawn[2])).toBe(false)
    expect(torch.equal(torch.get_rng_state(), before)).toBe(true)
  })

  it('fills parameters without a trace in autograd', () => {
    const parameter = torch.nn.Parameter(torch.empty([2, 2]))
    expect(init.ones_(parameter).requires_grad).toBe(true)
    expect(parameter.is_leaf).toBe(true)
    expect(init.zeros_(parameter).tolist()).toEqual([
      [0, 0],
      [0, 0],
    ])
  })

  it('names what is wrong', () => {
    expect(() => init.xavier_uniform_(torch.empty([3]))).toThrow(ShapeError)
    expect(() => init.eye_(torch.empty([3]))).toThrow('2 dimensions, found 1')
    expect(() => init.calculate_gain('gelu')).toThrow(ArgumentError)
    expect(() => init.kaiming_uniform_(torch.empty([2, 2]), { slope: 1 } as object)).toThrow(
      "unexpected keyword argument 'slope'",
    )
  })
})
