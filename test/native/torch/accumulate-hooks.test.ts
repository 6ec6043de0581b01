import { describe, expect, it } from 'vitest'

import { ArgumentError, type Tensor, torch } from '../../../lib/index.js'

const leaf = () => torch.zeros([3]).requires_grad_()
const gradient = torch.tensor([1, 2, 3], { dtype: 'float32' })

describe('register_post_accumulate_grad_hook', () => {
  it("updates a parameter as Python's example does, until it is removed", () => {
    const v = leaf()
    const handle = v.register_post_accumulate_grad_hook((p) => {
      expect(torch.is_grad_enabled()).toBe(false)
      p.add_(p.grad as Tensor, { alpha: -0.01 })
    })
    v.backward(gradient)
    const moved = torch.tensor([-0.01, -0.02, -0.03])
    torch.testing.assert_close(v.detach(), moved)
    handle.remove()
    v.backward(gradient)
    torch.testing.assert_close(v.detach(), moved)
  })

  it('comes once per backward pass, after the whole gradient, in the order of registration', () => {
    const v = leaf()
    const seen: [string, number][] = []
    const note = (name: string) => (p: Tensor) => {
      seen.push([name, p.grad?.sum().item() as number])
    }
    v.register_post_accumulate_grad_hook(note('first'))
    v.register_post_accumulate_grad_hook(note('second'))
    v.mul(2).add(v.mul(3)).sum().backward()
    expect(seen).toEqual([
      ['first', 15],
      ['second', 15],
    ])
  })

  it('may free the gradient and remove itself, and gets the very tensor', async () => {
    const v = leaf()
    const handle = v.register_post_accumulate_grad_hook((p) => {
      expect(p).toBe(v)
      p.grad = null
      handle.remove()
    })
    await v.mul(2).sum().backwardAsync()
    expect(v.grad).toBeNull()
    await v.mul(2).sum().backwardAsync()
    expect(v.grad?.tolist()).toEqual([2, 2, 2])
  })

  it('hands on what the function throws', () => {
    const v = leaf()
    v.register_post_accumulate_grad_hook(() => {
      throw new RangeError('mine')
    })
    expect(() => v.sum().backward()).toThrow(new RangeError('mine'))
  })

  it('is for leaves that want a gradient', () => {
    const hook = () => {}
    expect(() => torch.ones([2]).register_post_accumulate_grad_hook(hook)).toThrow(/doesn't require gradient/)
    expect(() => leaf().mul(2).register_post_accumulate_grad_hook(hook)).toThrow(ArgumentError)
  })
})
