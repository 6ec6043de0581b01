import { describe, expect, it } from 'vitest'

import {
  ArgumentError,
  CheckpointError,
  get_linear_schedule_with_warmup,
  type Tensor,
  torch,
} from '../../../lib/index.js'

const { AdamW } = torch.optim

function parameter(values: number[] = [1, -2]): Tensor {
  return torch.tensor(values, { dtype: torch.float32 }).requires_grad_()
}

const descend = (p: Tensor) => p.mul(p).sum().backward()

describe('AdamW', () => {
  it('makes the steps of the paper', () => {
    const p = parameter([1])
    const optimizer = new AdamW([p], { lr: 0.1, betas: [0.9, 0.99], eps: 1e-8, weight_decay: 0.5 })
    let [value, m, v] = [1, 0, 0]
    for (let step = 1; step <= 5; step++) {
      optimizer.zero_grad()
      descend(p)
      optimizer.step()
      const g = 2 * value
      m = 0.9 * m + 0.1 * g
      v = 0.99 * v + 0.01 * g * g
      value -= 0.1 * 0.5 * value
      value -= (0.1 * (m / (1 - 0.9 ** step))) / (Math.sqrt(v / (1 - 0.99 ** step)) + 1e-8)
      expect(p.item()).toBeCloseTo(value, 6)
    }
  })

  it('has groups with options of their own', () => {
    const [a, b] = [parameter(), parameter()]
    const optimizer = new AdamW(
      [
        { params: [a], weight_decay: 0 },
        { params: [b], lr: 0 },
      ],
      { lr: 0.1 },
    )
    expect(optimizer.param_groups.map(({ lr, weight_decay }) => [lr, weight_decay])).toEqual([
      [0.1, 0],
      [0, 0.01],
    ])
    descend(a)
    descend(b)
    optimizer.step()
    expect(b.tolist()).toEqual([1, -2])
    expect(a.tolist()).not.toEqual([1, -2])
  })

  it('leaves parameters without a gradient alone, and forgets gradients', () => {
    const [a, b] = [parameter(), parameter()]
    const optimizer = new AdamW([a, b])
    descend(a)
    optimizer.step()
    expect(b.tolist()).toEqual([1, -2])
    optimizer.zero_grad()
    expect(a.grad).toBeNull()
  })

  it('goes on from its state exactly', () => {
    const [a, b] = [parameter(), parameter()]
    const first = new AdamW([a], { lr: 0.1 })
    const train = (p: Tensor, optimizer: InstanceType<typeof AdamW>, steps: number) => {
      for (let i = 0; i < steps; i++) {
        optimizer.zero_grad()
        descend(p)
        optimizer.step()
      }
    }
    train(a, first, 3)
    const second = new AdamW([b], { lr: 5 })
    torch.no_grad(() => b.copy_(a))
    second.load_state_dict(first.state_dict())
    train(a, first, 3)
    train(b, second, 3)
    expect(b.tolist()).toEqual(a.tolist())
    expect(second.param_groups[0]?.lr).toBe(0.1)
  })

  it.each([
    [{ lr: -1 }, /Invalid learning rate: -1/],
    [{ lr: Number.NaN }, /Invalid learning rate: NaN/],
    [{ eps: -1 }, /Invalid epsilon value: -1/],
    [{ betas: [1, 0.9] as const }, /Invalid beta parameter at index 0: 1/],
    [{ betas: [0.9, 2] as const }, /Invalid beta parameter at index 1: 2/],
    [{ weight_decay: -0.1 }, /Invalid weight_decay value: -0.1/],
  ])('refuses %o', (options, message) => {
    expect(() => new AdamW([parameter()], options)).toThrow(ArgumentError)
    expect(() => new AdamW([parameter()], options)).toThrow(message)
  })

  it('refuses no parameters, the same twice, what is no leaf or no tensor, and a state that does not fit', () => {
    const p = parameter()
    expect(() => new AdamW([])).toThrow(/empty list of parameters/)
    expect(() => new AdamW([p, p])).toThrow(/more than one parameter group/)
    expect(() => new AdamW([p.mul(2)])).toThrow(/non-leaf/)
    expect(() => new AdamW([{ params: [5 as never] }])).toThrow(/takes Tensors/)
    const state = new AdamW([p]).state_dict()
    expect(() => new AdamW([parameter(), parameter()]).load_state_dict(state)).toThrow(CheckpointError)
    expect(() => new AdamW([parameter(), parameter()]).load_state_dict(state)).toThrow(
      /groups of 1 parameters, this one of 2/,
    )
  })
})

describe('schedules', () => {
  it('warm up and fall linearly', () => {
    const optimizer = new AdamW([parameter()], { lr: 1 })
    const scheduler = get_linear_schedule_with_warmup(optimizer, {
      num_warmup_steps: 2,
      num_training_steps: 6,
    })
    const rates = [optimizer.param_groups[0]?.lr]
    for (let i = 0; i < 7; i++) {
      scheduler.step()
      rates.push(optimizer.param_groups[0]?.lr)
    }
    expect(rates).toEqual([0, 0.5, 1, 0.75, 0.5, 0.25, 0, 0])
    expect(scheduler.get_last_lr()).toEqual([0])
  })

  it('go on from their state', () => {
    const make = () => {
      const optimizer = new AdamW([parameter()], { lr: 1 })
      return get_linear_schedule_with_warmup(optimizer, { num_warmup_steps: 0, num_training_steps: 10 })
    }
    const [first, second] = [make(), make()]
    for (let i = 0; i < 3; i++) first.step()
    second.load_state_dict(JSON.parse(JSON.stringify(first.state_dict())))
    first.step()
    second.step()
    expect(second.get_last_lr()).toEqual(first.get_last_lr())
    expect(second.state_dict()).toEqual(first.state_dict())
  })
})

describe('clip_grad_norm_', () => {
  it('scales down and never up', () => {
    const p = parameter([3, 4])
    p.grad = torch.tensor([3, 4], { dtype: torch.float32 })
    expect(torch.nn.utils.clip_grad_norm_([p], 10).item()).toBe(5)
    expect(p.grad.tolist()).toEqual([3, 4])
    expect(torch.nn.utils.clip_grad_norm_([p], 1).item()).toBe(5)
    expect(p.grad.norm().item()).toBeCloseTo(1, 5)
  })

  it('of no gradients is 0', () => {
    expect(torch.nn.utils.clip_grad_norm_([parameter()], 1).item()).toBe(0)
  })
})
