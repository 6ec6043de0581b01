import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'

import { describe, expect, it } from 'vitest'

import { type Tensor, torch } from '../../../lib/index.js'
import type { TensorData } from '../../../lib/torch/creation.js'

type Plain = number | string | boolean | Plain[]
interface Case {
  name: string
  values: Plain
  dtype?: string
  shape?: number[]
  divisor?: number
  requires_grad?: boolean
  complex?: boolean
  device?: string
  text: string
}

// Made by scripts/golden/printing.py.
const fixture = new URL('../../fixtures/torch/printing.json', import.meta.url)
const { cases } = JSON.parse(readFileSync(fixture, 'utf8')) as { cases: Case[] }

const specials: Record<string, number> = { nan: Number.NaN, inf: Infinity, '-inf': -Infinity, '-0': -0 }
const data = (values: Plain): TensorData =>
  Array.isArray(values)
    ? values.map(data)
    : typeof values === 'string'
      ? (specials[values] as number)
      : values
const holdsSpecials = (values: Plain): boolean =>
  Array.isArray(values) ? values.some(holdsSpecials) : typeof values === 'string'

function make(given: Case): Tensor {
  const { values, dtype, shape, divisor, complex, device } = given
  const counted = typeof values === 'number' && (shape !== undefined || values > 7)
  // JSON has no 3.0: where the expected text shows a point, the values are floats.
  const floats = dtype === undefined && (holdsSpecials(values) || /\d\./.test(given.text)) ? 'float32' : dtype
  let tensor = counted
    ? torch.arange(values)
    : torch.tensor(data(values), { dtype: floats === 'float16' ? 'float64' : floats })
  if (divisor !== undefined) tensor = tensor.div(divisor)
  if (dtype !== undefined) tensor = tensor.to(dtype)
  if (complex) tensor = torch.view_as_complex(tensor.reshape([-1, 2]))
  if (shape !== undefined) tensor = tensor.reshape(shape)
  if (device !== undefined) tensor = tensor.to(device)
  return given.requires_grad ? tensor.requires_grad_() : tensor
}

describe('a tensor prints as in PyTorch', () => {
  it.each(cases)('$name', (given) => {
    expect(String(make(given))).toBe(given.text)
  })

  it('with what made it', () => {
    const x = torch.tensor([1.5]).requires_grad_()
    expect(String(x.mul(x))).toBe('tensor([2.2500], grad_fn=<MulBackward0>)')
    expect(String(x.exp().sum())).toBe('tensor(4.4817, grad_fn=<SumBackward0>)')
  })
})

describe('printing never fails', () => {
  it('for a tensor of another layout, which is shown dense', () => {
    const sparse = torch.tensor([[1.5, 0]]).to_sparse()
    expect(String(sparse)).toBe('tensor([[1.5000, 0.0000]], layout=torch.sparse_coo)')
    expect(String(torch.tensor([1.5]).to_mkldnn())).toBe('tensor([1.5000], layout=torch._mkldnn)')
  })

  it('for a disposed one, and in console.log', () => {
    const x = torch.tensor([1])
    expect(inspect({ x })).toBe('{ x: tensor([1]) }')
    x.dispose()
    expect(String(x)).toBe('Tensor(disposed)')
  })
})
