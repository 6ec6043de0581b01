import { describe, expect, it } from 'vitest'

import { torch } from '../../../lib/index.js'

const draw = () => torch.rand([]).item()

describe('torch.seed', () => {
  it('is another one each time, and repeats what follows', () => {
    const seed = torch.seed()
    const first = draw()
    expect(torch.initial_seed()).toBe(seed)
    expect(torch.seed()).not.toBe(seed)
    torch.manual_seed(seed)
    expect(draw()).toBe(first)
  })

  it('works on a generator of its own', () => {
    const generator = new torch.Generator()
    expect(generator.seed()).toBe(generator.initial_seed())
  })
})

describe('torch.random.fork_rng', () => {
  it('gives the numbers back at its end', () => {
    torch.manual_seed(4)
    const expected = draw()
    torch.manual_seed(4)
    expect(torch.random.fork_rng(draw)).toBe(expected)
    {
      using _ = torch.random.fork_rng()
      draw()
    }
    expect(() => torch.random.fork_rng(() => draw() && Promise.resolve())).toThrow(/returned a promise/)
    expect(draw()).toBe(expected)
    torch.random.fork_rng({ enabled: false }, draw)
    torch.manual_seed(4)
    draw()
    const second = draw()
    expect(second).not.toBe(expected)
  })
})
