import { Buffer } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { gunzipSync } from 'node:zlib'

import { afterEach, describe, expect, it } from 'vitest'

import { ArgumentError } from '../../../lib/errors.js'
import { torch } from '../../../lib/index.js'
import type { PrintOptions } from '../../../lib/torch/printing/options.js'
import type { Tensor } from '../../../lib/torch/tensor.js'

interface Case {
  name: string
  dtype: string
  shape: number[]
  data: string
  options?: Partial<PrintOptions>
  requires_grad?: boolean
  op?: string
  text: string
}

const golden = JSON.parse(
  String(gunzipSync(readFileSync(new URL('../../fixtures/torch/printing.json.gz', import.meta.url)))),
) as { torch: string; cases: Case[] }

const operations: Record<string, (tensor: Tensor) => Tensor> = {
  mul: (tensor) => tensor.mul(torch.tensor(2)),
  transpose: (tensor) => tensor.transpose(0, 1),
  sparse: (tensor) => tensor.to_sparse(),
  csr: (tensor) => tensor.to_sparse_csr(),
  meta: (tensor) => tensor.to('meta'),
  conj: (tensor) => tensor.conj(),
}

function tensorOf({ dtype, shape, data, requires_grad, op }: Case): Tensor {
  const bytes = Uint8Array.from(Buffer.from(data, 'base64'))
  const flat = bytes.length === 0 ? torch.empty([0], { dtype }) : torch.frombuffer(bytes, { dtype }).clone()
  const tensor = flat.reshape(shape).detach()
  if (requires_grad) tensor.requires_grad_()
  return op === undefined ? tensor : (operations[op] as (tensor: Tensor) => Tensor)(tensor)
}

afterEach(() => torch.set_printoptions({ profile: 'default' }))

describe(`printing as PyTorch ${golden.torch}`, () => {
  it('has a golden of at least 120 tensors', () => expect(golden.cases.length).toBeGreaterThanOrEqual(120))

  it.each(golden.cases.map((entry) => [entry.name, entry] as const))('%s', (_, entry) => {
    if (entry.options !== undefined) torch.set_printoptions(entry.options)
    const tensor = tensorOf(entry)
    expect(String(tensor)).toBe(entry.text)
    expect(inspect(tensor)).toBe(entry.text)
  })

  it('refuses options that it cannot follow and keeps those in force', () => {
    expect(() => torch.set_printoptions({ precision: -1 })).toThrow(ArgumentError)
    expect(() => torch.set_printoptions({ precision: 2, linewidth: 1.5 })).toThrow(/linewidth .* 1.5/)
    expect(() => torch.set_printoptions({ profile: 'long' as 'full' })).toThrow(/default, short, full/)
    expect(torch.get_printoptions()).toEqual({
      precision: 4,
      threshold: 1000,
      edgeitems: 3,
      linewidth: 80,
      sci_mode: null,
    })
  })

  it('shows what made a tensor', () => {
    const x = torch.tensor([1.5]).requires_grad_()
    expect(String(x.mul(x))).toBe('tensor([2.2500], grad_fn=<MulBackward0>)')
    expect(String(x.exp().sum())).toBe('tensor(4.4817, grad_fn=<SumBackward0>)')
  })

  it("shows oneDNN's layouts dense", () => {
    expect(String(torch.tensor([1.5]).to_mkldnn())).toBe('tensor([1.5000], layout=torch._mkldnn)')
  })

  it('works inside console.log, and for a disposed tensor', () => {
    const x = torch.tensor([1])
    expect(inspect({ x })).toBe('{ x: tensor([1]) }')
    x.dispose()
    expect(String(x)).toBe('Tensor(disposed)')
  })
})
