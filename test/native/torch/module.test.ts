import { describe, expect, it } from 'vitest'

import { ArgumentError, CheckpointError, type Tensor, torch } from '../../../lib/index.js'

const { Module, Parameter } = torch.nn

class Linear extends Module<[Tensor], Tensor> {
  weight: Tensor
  bias = Parameter(torch.zeros([2]))
  notAParameter = torch.ones([1])

  constructor(readonly features: number) {
    super()
    this.weight = Parameter(torch.ones([2, features]))
  }

  forward(x: Tensor): Tensor {
    return x.matmul(this.weight.t()).add(this.bias)
  }

  override extra_repr(): string {
    return `features=${this.features}`
  }
}

class Net extends Module<[Tensor], Tensor> {
  first = new Linear(3)
  second: Linear

  constructor(shared = false) {
    super()
    this.second = shared ? this.first : new Linear(2)
  }

  forward(x: Tensor): Tensor {
    return this.second(this.first(x))
  }
}

describe('a module', () => {
  it('is called as a function and is an instance of its class', () => {
    const net = new Net()
    expect(net(torch.ones([1, 3])).tolist()).toEqual([[6, 6]])
    expect(net.forward(torch.ones([1, 3])).tolist()).toEqual([[6, 6]])
    expect(net).toBeInstanceOf(Net)
    expect(net).toBeInstanceOf(Module)
    expect(typeof net).toBe('function')
  })

  it('knows its parameters and modules by name', () => {
    const net = new Net()
    const names = ['first.weight', 'first.bias', 'second.weight', 'second.bias']
    expect(net.named_parameters().map(([name]) => name)).toEqual(names)
    expect(net.named_children().map(([name]) => name)).toEqual(['first', 'second'])
    expect(net.named_modules().map(([name]) => name)).toEqual(['', 'first', 'second'])
    expect(net.parameters().every((parameter) => parameter.requires_grad && parameter.is_leaf)).toBe(true)
  })

  it('counts what is shared once', () => {
    const net = new Net(true)
    expect(net.named_parameters().map(([name]) => name)).toEqual(['first.weight', 'first.bias'])
    expect(net.modules()).toHaveLength(2)
  })

  it('trains, freezes, moves and forgets gradients as a whole', () => {
    const net = new Net()
    expect(net.eval().first.training).toBe(false)
    expect(net.train().second.training).toBe(true)
    expect(() => net.train('yes' as never)).toThrow(ArgumentError)
    net(torch.ones([1, 3]))
      .sum()
      .backward()
    expect(net.first.weight.grad?.shape).toEqual([2, 3])
    const { weight } = net.first
    net.to(torch.float64)
    expect([net.first.weight === weight, weight.dtype, weight.grad?.dtype]).toEqual([
      true,
      torch.float64,
      torch.float64,
    ])
    net.zero_grad()
    expect(net.parameters().every(({ grad }) => grad === null)).toBe(true)
    net.requires_grad_(false)
    expect(net(torch.ones([1, 3], { dtype: torch.float64 })).requires_grad).toBe(false)
  })

  it('visits children first with apply, and prints its tree', () => {
    const net = new Net()
    const visited: string[] = []
    net.apply((module) => visited.push(module.constructor.name))
    expect(visited).toEqual(['Linear', 'Linear', 'Net'])
    expect(String(net)).toBe('Net(\n  (first): Linear(features=3)\n  (second): Linear(features=2)\n)')
  })
})

describe('state_dict', () => {
  it('shares memory with the module and goes back into another', () => {
    const [net, other] = [new Net(), new Net()]
    const state = net.state_dict()
    state['first.bias']?.fill_(5)
    expect(net.first.bias.tolist()).toEqual([5, 5])
    expect(other.load_state_dict(state)).toEqual({ missing_keys: [], unexpected_keys: [] })
    expect(other.first.bias.tolist()).toEqual([5, 5])
    expect(other.first.bias.requires_grad).toBe(true)
    net.first.bias.detach().fill_(6)
    expect(other.first.bias.tolist()).toEqual([5, 5])
  })

  it('is loaded strictly, or as far as it fits', () => {
    const net = new Net()
    const { 'first.bias': _, ...state } = net.state_dict()
    const odd = { ...state, odd: torch.ones([1]) }
    expect(() => net.load_state_dict(odd)).toThrow(CheckpointError)
    expect(() => net.load_state_dict(odd)).toThrow(/missing first\.bias; unexpected odd[\s\S]*strict: false/)
    expect(net.load_state_dict(odd, { strict: false })).toEqual({
      missing_keys: ['first.bias'],
      unexpected_keys: ['odd'],
    })
  })

  it('of another shape changes nothing', () => {
    const net = new Net()
    const state = {
      ...net.state_dict(),
      'first.bias': torch.full([2], 9.5),
      'second.weight': torch.ones([2, 9]),
    }
    expect(() => net.load_state_dict(state)).toThrow(/second\.weight has shape \(2,9\) in the state, \(2,2\)/)
    expect(net.first.bias.tolist()).toEqual([0, 0])
  })
})
