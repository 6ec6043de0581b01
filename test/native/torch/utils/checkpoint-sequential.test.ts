import { expect, it } from 'vitest'

import { ArgumentError, type Tensor, torch } from '../../../../lib/index.js'

const { checkpoint_sequential } = torch.utils.checkpoint

torch.manual_seed(0)
const layers = () => [
  new torch.nn.Linear(3, 4),
  new torch.nn.Dropout(0.5),
  new torch.nn.Tanh(),
  new torch.nn.Linear(4, 2),
  new torch.nn.Dropout(0.5),
]
const model = new torch.nn.Sequential(...layers())

function gradients(forward: (x: Tensor) => Tensor): [output: unknown, ...grads: unknown[]] {
  const x = torch.arange(6, { dtype: 'float32' }).reshape(2, 3).requires_grad_()
  model.zero_grad()
  torch.manual_seed(3)
  const output = forward(x)
  output.sum().backward()
  return [output.tolist(), x.grad?.tolist(), ...[...model.parameters()].map((p) => p.grad?.tolist())]
}

it.each([1, 2, 3, 5])('in %i segments gives the results and gradients of the chain itself', (segments) => {
  const expected = gradients((x) => model(x))
  expect(gradients((x) => checkpoint_sequential(model, segments, x))).toEqual(expected)
})

it('computes all parts but the last again in the backward pass', () => {
  const calls: number[] = []
  const parts = [0, 1, 2, 3].map((i) => (x: Tensor) => {
    calls.push(i)
    return x.mul(2)
  })
  const x = torch.ones([1], { requires_grad: true })
  checkpoint_sequential(parts, 2, x).backward()
  expect(calls).toEqual([0, 1, 2, 3, 0, 1])
  expect(x.grad?.item()).toBe(16)
})

it.each([0, 6, 1.5])('refuses %d segments', (segments) => {
  expect(() => checkpoint_sequential(model, segments, torch.ones(2, 3))).toThrow(ArgumentError)
})
