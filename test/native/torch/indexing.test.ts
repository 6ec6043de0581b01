import { readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import { ArgumentError, IndexError, RobertorchError } from '../../../lib/errors.js'
import { type Tensor, type TensorIndex, torch } from '../../../lib/index.js'
import { native } from '../../../lib/torch/native.js'

type Encoded =
  | number
  | boolean
  | null
  | '...'
  | Encoded[]
  | { slice: [number | null, number | null, number | null] }
  | { tensor: never; shape: number[]; dtype: string }

interface Case {
  shape: number[]
  indices: Encoded[]
  error?: string
  values: number[]
}
interface GetCase extends Case {
  result: number[]
  grad: number[]
  view: boolean
  stride?: number[]
  offset?: number
}
interface SetCase extends Case {
  value: Encoded
}

const golden = JSON.parse(
  readFileSync(new URL('../../fixtures/torch/indexing.json', import.meta.url), 'utf8'),
) as {
  torch: string
  get: GetCase[]
  set: SetCase[]
}

function decode(index: Encoded): TensorIndex {
  if (typeof index !== 'object' || index === null) return index
  if (Array.isArray(index)) return index as number[]
  if ('slice' in index) return torch.slice(...index.slice)
  return torch.tensor(index.tensor, { dtype: index.dtype }).reshape(index.shape)
}

const count = (shape: number[]) => shape.reduce((product, size) => product * size, 1)
const range = (shape: number[], dtype: string) => torch.arange(count(shape), { dtype }).reshape(shape)
const title = ({ shape, indices }: Case) => `(${shape}) ${JSON.stringify(indices)}`
const python = (error: string | undefined) => error?.split(': ')[0]

/** What Python's kind of error is called here. */
function expectError(run: () => unknown, error: string) {
  let thrown: unknown
  try {
    run()
  } catch (caught) {
    thrown = caught
  }
  expect(thrown, error).toBeInstanceOf(RobertorchError)
  if (python(error) === 'IndexError') expect(thrown).toBeInstanceOf(IndexError)
  if (python(error) === 'ValueError') expect(thrown).toBeInstanceOf(ArgumentError)
}

describe(`x.at as PyTorch ${golden.torch}`, () => {
  it('has at least 300 golden expressions', () => expect(golden.get.length).toBeGreaterThanOrEqual(300))

  it.each(golden.get.map((entry) => [title(entry), entry] as const))('%s', (_, entry) => {
    const x = range(entry.shape, 'float64').requires_grad_()
    const indices = entry.indices.map(decode)
    if (entry.error !== undefined) {
      expectError(() => x.at(...indices), entry.error)
      return
    }
    const y = x.at(...indices)
    expect(y.shape).toEqual(entry.result)
    expect(Array.from(y.detach().toTypedArray() as Float64Array)).toEqual(entry.values)
    if (entry.view && entry.values.length > 0) {
      expect(native.storageId(y)).toBe(native.storageId(x))
      expect(y.stride()).toEqual(entry.stride)
      expect(y.storage_offset()).toBe(entry.offset)
    } else if (entry.values.length > 0) {
      expect(native.storageId(y)).not.toBe(native.storageId(x))
    }
    y.mul(range(y.shape, 'float64').add(1)).sum().backward()
    expect(Array.from((x.grad as Tensor).toTypedArray() as Float64Array)).toEqual(entry.grad)
  })
})

describe(`x.set as PyTorch ${golden.torch}`, () => {
  it.each(golden.set.map((entry) => [title(entry), entry] as const))('%s', (_, entry) => {
    const x = range(entry.shape, 'float32')
    const value = decode(entry.value) as Tensor | number
    const assign = () => x.set(entry.indices.map(decode), value)
    if (entry.error !== undefined) {
      expectError(assign, entry.error)
      return
    }
    expect(assign()).toBe(x)
    expect(Array.from(x.toTypedArray() as Float32Array)).toEqual(entry.values)
  })
})

describe('views', () => {
  it('share storage, and changes in place are seen both ways', () => {
    const x = torch.zeros([3, 4])
    const row = x.at(1)
    row.fill_(5)
    x.at('...', '::2').add_(1)
    x.set([2, -1], 9)
    expect(x.tolist()).toEqual([
      [1, 0, 1, 0],
      [6, 5, 6, 5],
      [1, 0, 1, 9],
    ])
    expect(x.at('...') === x).toBe(false)
    expect(native.storageId(x.at())).toBe(native.storageId(x))
  })

  it('count changes, so that autograd refuses a saved value that an assignment changed', () => {
    const x = torch.ones([3]).requires_grad_()
    const y = x.mul(2)
    const z = y.mul(y)
    y.set(0, 7)
    expect(() => z.sum().backward()).toThrow(/modified by an inplace operation/)
  })

  it('assign into a graph: the value takes the gradient', () => {
    const x = torch.ones([3]).requires_grad_()
    const value = torch.tensor(5).to(torch.float32).requires_grad_()
    const y = x.mul(2)
    y.set(1, value)
    y.sum().backward()
    expect(x.grad?.tolist()).toEqual([2, 0, 2])
    expect(value.grad?.item()).toBe(1)
    expect(() => x.set(0, 1)).toThrow(/leaf/)
  })
})

describe('forms of an index', () => {
  const x = torch.arange(24).reshape([2, 3, 4])

  it('reads slices in Python notation and as objects alike', () => {
    expect(x.at(':', '1:', '::3').tolist()).toEqual(
      x.at(torch.slice(null), torch.slice(1, null), torch.slice(null, null, 3)).tolist(),
    )
    expect(torch.arange(9).at(' -3 : -1 ').tolist()).toEqual([6, 7])
    expect(torch.arange(9).at(torch.slice(2)).tolist()).toEqual([0, 1])
    expect(x.at(1n, 2, 3).item()).toBe(23)
  })

  it('takes typed arrays and lists as index tensors', () => {
    expect(x.at(0, new Int32Array([2, 0]), 1).tolist()).toEqual([9, 1])
    expect(x.at([]).shape).toEqual([0, 3, 4])
    expect(
      x.at([
        [0, 1],
        [1, 0],
      ]).shape,
    ).toEqual([2, 2, 3, 4])
    expect(x.at([true, false]).shape).toEqual([1, 3, 4])
  })

  it('puts the gathered dimensions first when a slice parts the index tensors', () => {
    expect(x.at([0, 1], ':', [1, 2]).shape).toEqual([2, 3])
    expect(x.at(':', [0, 1, 2], [1, 2, 0]).shape).toEqual([2, 3])
    expect(torch.zeros([2, 3, 4, 5]).at(0, ':', [1, 2]).shape).toEqual([3, 2, 5])
    expect(torch.zeros([2, 3, 4, 5]).at([0], ':', [1]).shape).toEqual([1, 3, 5])
  })

  it('iterates over dimension 0, of which a 0-d tensor has none', () => {
    expect([...x].map(String)).toEqual([String(x.at(0)), String(x.at(1))])
    expect(x).toHaveLength(2)
    expect(() => [...torch.tensor(1)]).toThrow(/iteration over a 0-d tensor/)
  })

  it('takes one index for assignment without a list', () => {
    const y = torch.arange(4)
    expect(y.set(y.gt(1), 0).tolist()).toEqual([0, 1, 0, 0])
    expect(y.set('1:3', torch.tensor([7, 8])).tolist()).toEqual([0, 7, 8, 0])
    expect(y.set([[0, 3]], 5).tolist()).toEqual([5, 7, 8, 5])
    expect(y.set([0], 2.9).tolist()).toEqual([2, 7, 8, 5])
  })
})

describe('what is no index', () => {
  const x = torch.arange(6).reshape([2, 3])

  it.each<[string, () => unknown, typeof RobertorchError | typeof IndexError, RegExp]>([
    ['a fraction', () => x.at(1.5), IndexError, /1.5 is no index/],
    ['nan', () => x.at(Number.NaN), IndexError, /NaN is no index/],
    ['a word', () => x.at('all'), IndexError, /'all' is no index/],
    ['undefined', () => x.at(undefined as never), IndexError, /undefined is no index/],
    ['an object', () => x.at({ start: 1 } as never), IndexError, /is no index/],
    ['floats', () => x.at(torch.tensor([0.5])), IndexError, /long, int, byte or bool .* Float/],
    ['a bigint beyond 64 bits', () => x.at(2n ** 70n), ArgumentError, /must be an integer/],
    ['too large', () => x.at(2), IndexError, /index 2 is out of bounds for dimension 0 with size 2/],
    ['too many', () => x.at(0, 0, 0), IndexError, /too many indices for tensor of dimension 2/],
    ['a step of 0', () => x.at('::0'), ArgumentError, /slice step cannot be zero/],
    ['a negative step', () => x.at('::-1'), ArgumentError, /step must be greater than zero/],
    ['an integer into a 0-d tensor', () => torch.tensor(1).at(3), IndexError, /0-d tensor/],
    ['a slice of a 0-d tensor', () => torch.tensor(1).at(':'), IndexError, /0-d tensor/],
    ['a ragged list', () => x.at([[0, 1], [1]]), RobertorchError, /expected a list of 2/],
    ['a list as value', () => x.set(0, [1, 2] as never), ArgumentError, /the value must be a Tensor/],
    ['null as value', () => x.set(0, null as never), ArgumentError, /the value must be a Tensor/],
    ['nan into integers', () => x.set(0, Number.NaN), RobertorchError, /overflow|nan/i],
  ])('%s', (_, run, kind, message) => {
    expect(run).toThrow(kind)
    expect(run).toThrow(message)
  })

  it('after dispose', () => {
    const gone = torch.tensor([0])
    gone.dispose()
    expect(() => x.at(gone)).toThrow(/dispose/)
    expect(() => gone.at(0)).toThrow(/dispose/)
  })
})
