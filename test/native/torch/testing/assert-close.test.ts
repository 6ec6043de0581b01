import { describe, expect, it } from 'vitest'

import { ArgumentError, AssertionError, torch } from '../../../../lib/index.js'
import { decode, decodeAsTensor, dtypeNamed, golden } from './golden.js'

const { assert_close, make_tensor } = torch.testing

function messageOf(work: () => void): { type: string; message: string } | null {
  try {
    work()
    return null
  } catch (error) {
    return { type: (error as Error).name, message: (error as Error).message }
  }
}

describe('torch.testing.assert_close', () => {
  it.each(
    golden.compared.map((entry, i) => [i, entry.error?.message.slice(0, 60) ?? 'close', entry] as const),
  )('case %i: %s', (_, __, { actual, expected, options, error }) => {
    const ours = messageOf(() => assert_close(decode(actual), decode(expected), options))
    const type = error && (error.type === 'ValueError' ? 'ArgumentError' : error.type)
    expect(ours).toEqual(error && { type, message: error.message })
  })

  it('takes typed arrays, Maps, and a function that makes the message', () => {
    assert_close(new Float32Array([1, 2]), new Float32Array([1, 2]))
    assert_close(new Map([['a', 1]]), new Map([['a', 1]]))
    const one = torch.ones([1])
    expect(() => assert_close([one], [one.add(1)], { msg: (text) => `before\n${text}` })).toThrow(
      /^before\nTensor-likes are not close![\s\S]*The failure occurred for item \[0\]$/,
    )
    expect(() => assert_close(one, one.neg())).toThrow(AssertionError)
  })

  it('refuses what it cannot compare', () => {
    expect(() => assert_close(torch.ones([1]), 1)).toThrow(ArgumentError)
    expect(() => assert_close('a', 'a')).toThrow(/No comparison pair .* string and string/)
    expect(() => assert_close(1, 1, { tol: 1 } as object)).toThrow("unexpected keyword argument 'tol'")
  })
})

describe('torch.testing.make_tensor', () => {
  it.each(
    golden.drawn.map((entry) => [entry.dtype, entry.shape, JSON.stringify(entry.options), entry] as const),
  )('%s %s %s', (_, __, ___, { dtype, shape, options, result }) => {
    torch.manual_seed(3)
    const ours = make_tensor(shape, { dtype: dtypeNamed(dtype), ...options })
    assert_close(ours, decodeAsTensor(result), { rtol: 0, atol: 0, check_stride: true })
  })

  it('refuses empty ranges and options that exclude each other', () => {
    const { float32, int64 } = torch
    expect(() => make_tensor([2], { dtype: float32, low: 2, high: 1 })).toThrow('2 >= 1')
    expect(() => make_tensor([2], { dtype: int64, low: Number.NaN })).toThrow('cannot be NaN')
    expect(() => make_tensor([2], { dtype: int64, requires_grad: true })).toThrow(ArgumentError)
    expect(() => make_tensor([2], { dtype: torch.uint8, low: -20, high: -10 })).toThrow(
      'only supports [0, 256)',
    )
    expect(make_tensor(3, { dtype: float32, requires_grad: true }).requires_grad).toBe(true)
  })
})

describe('torch.finfo and torch.iinfo', () => {
  it.each(golden.limits.map((entry) => [entry.dtype, entry] as const))(
    '%s',
    (name, { dtype: _, ...limits }) => {
      const dtype = dtypeNamed(name)
      const ours = 'eps' in limits ? torch.finfo(dtype) : torch.iinfo(dtype)
      for (const [field, text] of Object.entries(limits)) {
        const value = Reflect.get(ours, field) as number | bigint
        expect(typeof value === 'bigint' ? String(value) : value, field).toBe(
          typeof value === 'bigint' ? text : Number(text),
        )
      }
    },
  )
})
