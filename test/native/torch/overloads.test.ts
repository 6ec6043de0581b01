import { readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import { type Tensor, torch } from '../../../lib/index.js'

type Operand = Tensor | number | boolean
type Result = [gradFn: string | null, dtype: string, shape: number[], values: string[]] | null

const rows: [name: string, a: string, b: string, result: Result][] = JSON.parse(
  readFileSync(new URL('../../fixtures/torch/overloads.json', import.meta.url), 'utf8'),
)

const operands: Record<string, () => Operand> = {
  floats: () => torch.tensor([1.5, 2.25, 0.5], { requires_grad: true }),
  ints: () => torch.tensor([1, 2, 3]),
  bools: () => torch.tensor([true, false, true]),
  '0-d float64': () => torch.tensor(2.5, { dtype: 'float64' }),
  '0-d int': () => torch.tensor(2),
  2: () => 2,
  2.5: () => 2.5,
  true: () => true,
}
const operand = (name: string) => (operands[name] as () => Operand)()
const requiresGrad = (value: Operand): value is Tensor => torch.is_tensor(value) && value.requires_grad

function call(name: string, a: string, b: string): Tensor {
  let first = operand(a)
  const second = operand(b)
  if (!name.endsWith('_')) return Reflect.get(torch, name)(first, second)
  if (requiresGrad(first)) first = first.clone()
  return Reflect.get(first as Tensor, name).call(first, second)
}

const pythonNumber = (text: string) =>
  ({ inf: Number.POSITIVE_INFINITY, '-inf': Number.NEGATIVE_INFINITY, nan: Number.NaN })[text] ?? Number(text)

const names = [...new Set(rows.map(([name]) => name))]

describe('operators with tensors and numbers pick the overload that Python picks', () => {
  it.each(names)('%s', (name) => {
    for (const [, a, b, expected] of rows.filter((row) => row[0] === name)) {
      const label = `${name}(${a}, ${b})`
      if (expected === null) {
        expect(() => call(name, a, b), label).toThrow()
        continue
      }
      const [gradFn, dtype, shape, values] = expected
      const result = call(name, a, b)
      expect([result.grad_fn, String(result.dtype), result.shape], label).toEqual([gradFn, dtype, shape])
      const found = (result.detach().double().flatten().tolist() as number[]).map(Number)
      const wanted = values.map(pythonNumber)
      expect(found.length, label).toBe(wanted.length)
      for (const [i, value] of wanted.entries()) {
        // The last bit of a transcendental function depends on the CPU that made the fixture.
        if (Number.isFinite(value)) expect(found[i], label).toBeCloseTo(value, 6)
        else expect(found[i], label).toBe(value)
      }
    }
  })
})
