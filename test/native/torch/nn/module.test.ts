import { describe, expect, it } from 'vitest'

import { ArgumentError, CheckpointError, IndexError, type Tensor, torch } from '../../../../lib/index.js'
import type { AnyModule } from '../../../../lib/torch/nn/index.js'

const { nn } = torch

class Counter extends nn.Module<[input: Tensor], Tensor> {
  scale: Tensor
  declare calls: Tensor
  declare scratch: Tensor | null

  constructor() {
    super()
    this.scale = nn.Parameter(torch.ones([2]))
    this.register_buffer('calls', torch.zeros([], { dtype: torch.int64 }))
    this.register_buffer('scratch', torch.zeros([3]), { persistent: false })
  }

  override forward(input: Tensor): Tensor {
    this.calls.add_(1)
    return input.mul(this.scale)
  }
}

const nested = () => new nn.Sequential(new Counter(), new nn.Sequential(new nn.Linear(2, 3), new Counter()))

describe('buffers', () => {
  it('are found by name; the state has the persistent ones, after the parameters', () => {
    const module = nested()
    expect(module.named_buffers().map(([name]) => name)).toEqual([
      '0.calls',
      '0.scratch',
      '1.1.calls',
      '1.1.scratch',
    ])
    expect(Object.keys(module.state_dict())).toEqual([
      '0.scale',
      '0.calls',
      '1.0.weight',
      '1.0.bias',
      '1.1.scale',
      '1.1.calls',
    ])
    expect(module.named_parameters().map(([name]) => name)).toEqual([
      '0.scale',
      '1.0.weight',
      '1.0.bias',
      '1.1.scale',
    ])
  })

  it('are loaded, and converted only where they are floating', () => {
    const [from, to] = [new Counter(), new Counter()]
    from(torch.ones([2]))
    expect(to.load_state_dict(from.state_dict())).toEqual({ missing_keys: [], unexpected_keys: [] })
    expect(to.calls.item()).toBe(1)
    to.to(torch.float64)
    expect([to.scale.dtype, to.calls.dtype, to.scratch?.dtype]).toEqual([
      torch.float64,
      torch.int64,
      torch.float64,
    ])
  })

  it('may be set anew, and be absent', () => {
    const module = new Counter()
    module.scratch = null
    expect(module.buffers()).toHaveLength(1)
    module.scratch = torch.ones([4])
    expect(module.get_buffer('scratch').shape).toEqual([4])
  })
})

describe('state', () => {
  it('keeps shared parameters under each of their names, as in Python', () => {
    const shared = new nn.Linear(2, 2)
    const module = new nn.Sequential(shared, shared)
    expect(Object.keys(module.state_dict())).toEqual(['0.weight', '0.bias', '1.weight', '1.bias'])
    expect(module.parameters()).toHaveLength(2)
  })

  it('reports what does not fit and changes nothing then', () => {
    const module = new nn.Linear(2, 1, { bias: false })
    const before = module.weight.tolist()
    expect(() => module.load_state_dict({ other: torch.ones([1]) })).toThrow(
      'missing weight; unexpected other',
    )
    expect(() => module.load_state_dict({ weight: torch.ones([3]) })).toThrow(CheckpointError)
    expect(module.weight.tolist()).toEqual(before)
    const report = module.load_state_dict({ other: torch.ones([1]) }, { strict: false })
    expect(report).toEqual({ missing_keys: ['weight'], unexpected_keys: ['other'] })
  })
})

describe('hooks', () => {
  it('run before and after forward, may change inputs and output, and end', () => {
    const module = new nn.Identity()
    const order: string[] = []
    module.register_forward_pre_hook((self, inputs) => {
      order.push('second')
      expect(self).toBe(module)
      return [(inputs[0] as Tensor).add(1)]
    })
    module.register_forward_pre_hook(() => void order.push('first'), { prepend: true })
    const after = module.register_forward_hook((_, inputs, output) => {
      order.push('after')
      return (output as Tensor).mul(inputs[0] as Tensor)
    })
    expect(module(torch.tensor(2)).item()).toBe(9)
    expect(order).toEqual(['first', 'second', 'after'])
    after.remove()
    expect(module(torch.tensor(2)).item()).toBe(3)
  })
})

describe('names', () => {
  it('lead to modules, parameters and buffers', () => {
    const module = nested()
    expect(module.get_submodule('1.0')).toBeInstanceOf(nn.Linear)
    expect(module.get_submodule('')).toBe(module)
    expect(module.get_parameter('1.0.bias').shape).toEqual([3])
    expect(() => module.get_submodule('1.x')).toThrow("has no module 'x'")
    expect(() => module.get_parameter('1.0.calls')).toThrow(ArgumentError)
  })

  it('are refused when empty, dotted or taken', () => {
    const module = new Counter()
    expect(() => module.register_buffer('a.b', null)).toThrow(ArgumentError)
    expect(() => module.register_parameter('', null)).toThrow(ArgumentError)
    expect(() => module.add_module('forward', new nn.Identity())).toThrow("'forward' exists already")
    expect(() => module.register_buffer('scale', torch.ones([1]))).toThrow(ArgumentError)
    expect(() => module.add_module('x', torch.ones([1]) as unknown as AnyModule)).toThrow('must be a Module')
  })
})

describe('containers', () => {
  it('Sequential takes names, and positions from the end', () => {
    const module = new nn.Sequential({ first: new nn.Linear(2, 3), second: new nn.ReLU() })
    expect(Object.keys(module.state_dict())).toEqual(['first.weight', 'first.bias'])
    expect(module.at(-1)).toBeInstanceOf(nn.ReLU)
    expect(() => module.at(2)).toThrow(IndexError)
    expect(module.append(new nn.Tanh()).length).toBe(3)
  })

  it('ModuleList prints equal neighbours once', () => {
    const list = new nn.ModuleList([new nn.Linear(2, 2), new nn.Linear(2, 2), new nn.ReLU()])
    expect(String(list)).toBe(
      'ModuleList(\n  (0-1): 2 x Linear(in_features=2, out_features=2, bias=True)\n  (2): ReLU()\n)',
    )
    expect([...list]).toHaveLength(3)
  })

  it('ModuleDict keeps order; a name of Module is refused', () => {
    const dict = new nn.ModuleDict({ b: new nn.ReLU(), a: new nn.Linear(1, 1) })
    expect(dict.keys()).toEqual(['b', 'a'])
    expect(dict.pop('b')).toBeInstanceOf(nn.ReLU)
    expect(dict.has('b')).toBe(false)
    expect(dict.length).toBe(1)
    expect(() => dict.set('train', new nn.ReLU())).toThrow(ArgumentError)
  })

  it('ParameterDict sorts the names of an object, keeps those of a Map, and prints as Python', () => {
    const dict = new nn.ParameterDict({ b: torch.ones([2]), a: torch.ones([2, 3], { dtype: torch.float64 }) })
    expect(String(dict)).toBe(
      [
        'ParameterDict(',
        '    (a): Parameter containing: [torch.DoubleTensor of size 2x3]',
        '    (b): Parameter containing: [torch.FloatTensor of size 2]',
        ')',
      ].join('\n'),
    )
    expect(dict.get('b').requires_grad).toBe(true)
    expect(dict.set('b', torch.zeros([1])).get('b').shape).toEqual([1])
    expect(dict.pop('a').shape).toEqual([2, 3])
    expect([dict.keys(), dict.has('a'), dict.length]).toEqual([['b'], false, 1])
    const ordered = new nn.ParameterDict(new Map([['z', torch.ones([1])], ['y', torch.ones([1])]])) // biome-ignore format: one line
    expect(Object.keys(ordered.state_dict())).toEqual(['z', 'y'])
    expect(() => dict.set('train', torch.ones([1]))).toThrow(ArgumentError)
  })

  it('ParameterList makes parameters', () => {
    const list = new nn.ParameterList([torch.zeros([2, 3])]).append(torch.zeros([2]))
    expect(list.named_parameters().map(([name]) => name)).toEqual(['0', '1'])
    expect(list.at(-1).requires_grad).toBe(true)
    expect(String(list)).toBe(
      [
        'ParameterList(',
        '    (0): Parameter containing: [torch.float32 of size 2x3]',
        '    (1): Parameter containing: [torch.float32 of size 2]',
        ')',
      ].join('\n'),
    )
  })
})

describe('modules', () => {
  it('are in training at first, and all below follow', () => {
    const module = nested()
    expect(module.modules().every(({ training }) => training)).toBe(true)
    module.eval()
    expect(module.modules().some(({ training }) => training)).toBe(false)
  })

  it('drop out in training only, whichever bits are drawn', () => {
    const dropout = new nn.Dropout(0.5)
    torch.manual_seed(3)
    const ones = torch.ones([1000])
    const values = new Set(dropout(ones).tolist() as number[])
    expect([...values].sort()).toEqual([0, 2])
    expect(torch.equal(dropout.eval()(ones), ones)).toBe(true)
    expect(() => new nn.Dropout(1.5)).toThrow('between 0 and 1, but got 1.5')
  })

  it('refuse arguments that do not exist, by name', () => {
    expect(() => new nn.Linear(2, 2, { biass: true } as object)).toThrow(
      "Linear got an unexpected keyword argument 'biass'",
    )
    expect(() => new nn.CrossEntropyLoss({ reduction: 'average' as 'mean' })).toThrow(
      "'average' is no reduction",
    )
    expect(() => new nn.Embedding(3, 2, 3)).toThrow(IndexError)
  })
})

describe('a copied encoder', () => {
  it('has equal but separate layers and draws nothing', () => {
    torch.manual_seed(5)
    const layer = new nn.TransformerEncoderLayer(4, 2, 6)
    const state = torch.get_rng_state()
    const encoder = new nn.TransformerEncoder(layer, 2)
    expect(torch.equal(torch.get_rng_state(), state)).toBe(true)
    const [first, second] = encoder.layers.children() as [AnyModule, AnyModule]
    expect(torch.equal(first.get_parameter('linear1.weight'), second.get_parameter('linear1.weight'))).toBe(
      true,
    )
    torch.no_grad(() => first.get_parameter('linear1.weight').zero_())
    expect(second.get_parameter('linear1.weight').abs().sum().item()).toBeGreaterThan(0)
  })
})
