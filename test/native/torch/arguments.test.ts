import { readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import { type Tensor, torch } from '../../../lib/index.js'

type Row = [name: string, result: [shape: number[], values: string[]] | null]

const rows: Row[] = JSON.parse(
  readFileSync(new URL('../../fixtures/torch/arguments.json', import.meta.url), 'utf8'),
)

const x = torch.tensor([
  [0.2, 0.3, 0.4],
  [0.5, 0.6, 0.7],
])
const y = torch.tensor([
  [0.2, 0.3, 0.9],
  [0.1, 0.6, 0.7],
])
const signs = torch.tensor([1, -1], { dtype: 'float32' })
const two = torch.tensor(2)
const one = torch.tensor(1)
const zero = torch.tensor(0)

/** By name, because the types know no truth that is a number and no size that is a tensor. */
const call = (name: string, ...args: unknown[]): Tensor => Reflect.get(torch, name)(...args)
const method = (name: string, ...args: unknown[]): Tensor => Reflect.apply(Reflect.get(x, name), x, args)

const calls: Record<string, () => Tensor> = {
  'logit with true': () => call('logit', x, true),
  'norm with true': () => call('norm', x, true),
  'quantile with true': () => call('quantile', x, true),
  'linspace to true': () => call('linspace', 0, true, 3),
  'narrow by true': () => call('narrow', x, 0, true, 1),
  'zeros of true': () => call('zeros', [true, 2]),
  'zeros of a tensor': () => call('zeros', two),
  'zeros of tensors': () => call('zeros', two, 3),
  'zeros of a list with a tensor': () => call('zeros', [3, two]),
  'zeros of one element': () => call('zeros', torch.tensor([3])),
  'zeros of two elements': () => call('zeros', torch.tensor([3, 2])),
  'zeros of a byte': () => call('zeros', torch.tensor(2, { dtype: 'uint8' })),
  'zeros of a float': () => call('zeros', torch.tensor(2, { dtype: 'float32' })),
  'zeros of a truth': () => call('zeros', torch.tensor(true)),
  'view of tensors': () => method('view', 3, two),
  'permute by tensors': () => method('permute', one, zero),
  'repeat of tensors': () => method('repeat', two, 1),
  'sum over a tensor': () => method('sum', one),
  'flip of a tensor': () => method('flip', one),
  kl_div: () => torch.kl_div(x, y),
  'kl_div of logarithms': () => torch.kl_div(x, y, { log_target: true }),
  'kl_div, mean': () => torch.kl_div(x, y, 1),
  'kl_div, sum by name': () => torch.kl_div(x, y, { reduction: 2 }),
  'aten.kl_div': () => torch.ops.aten?.kl_div?.(x, y) as Tensor,
  hinge_embedding_loss: () => torch.hinge_embedding_loss(x, torch.tensor([1, -1, 1], { dtype: 'float32' })),
  binary_cross_entropy_with_logits: () => torch.binary_cross_entropy_with_logits(x, y),
  margin_ranking_loss: () => torch.margin_ranking_loss(x, y, y, 0.5),
  cosine_embedding_loss: () => torch.cosine_embedding_loss(x, y, signs),
  triplet_margin_loss: () => torch.triplet_margin_loss(x, y, x, { swap: true }),
  ctc_loss: () => torch.ctc_loss(x.log().reshape([2, 1, 3]), torch.tensor([[1]]), [2], [1]),
}

const pythonNumber = (text: string) => (text === 'inf' ? Number.POSITIVE_INFINITY : Number(text))

describe('takes what Python takes for a number, an int or a size', () => {
  it.each(rows)('%s', (name, expected) => {
    const run = calls[name] as () => Tensor
    if (expected === null) {
      expect(run).toThrow(/narrow|zeros/)
      return
    }
    const [shape, values] = expected
    const result = run()
    expect(result.shape).toEqual(shape)
    const found = (result.double().flatten().tolist() as number[]).map(Number)
    for (const [i, value] of values.map(pythonNumber).entries()) {
      if (Number.isFinite(value)) expect(found[i]).toBeCloseTo(value, 6)
      else expect(found[i]).toBe(value)
    }
  })
})

describe('a number beside a tensor', () => {
  it.each(['float32', 'float64', 'float16', 'bfloat16'] as const)(
    'of %s gives what the 0-d tensor of that number gives',
    (dtype) => {
      const tensor = torch.tensor([1.1, -2.3, 3e4], { dtype })
      for (const number of [3, -7, 2 ** 53 + 2, 0.1, 1e300, Number.POSITIVE_INFINITY, Number.NaN]) {
        const other = torch.tensor(number, { dtype: 'float64' })
        for (const name of ['add', 'sub', 'mul', 'div', 'floor_divide']) {
          const apply = (value: Tensor | number): Tensor => Reflect.get(torch, name)(tensor, value)
          const found = apply(number)
          expect(found.dtype).toBe(tensor.dtype)
          torch.testing.assert_close(found, apply(other), { rtol: 0, atol: 0, equal_nan: true })
        }
      }
    },
  )

  it('keeps the refusal of truths under subtraction', () => {
    expect(() => Reflect.apply(x.sub, x, [true])).toThrow(/bool/)
  })
})
