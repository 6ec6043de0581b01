import { describe, expect, it } from 'vitest'

import { type Tensor, torch } from '../../../../lib/index.js'
import type { Module } from '../../../../lib/torch/nn/index.js'
import { facts, golden, goldenNames, isClose } from './golden.js'
import { layers } from './layers.js'

const tensorsIn = (value: unknown): Tensor[] => {
  if (value === null) return []
  return Array.isArray(value) ? value.flatMap(tensorsIn) : [value as Tensor]
}

function inputsOf(name: string): (Tensor | null)[] {
  return (facts[name]?.inputs ?? []).map((fact, i) => {
    if (fact === null) return null
    const tensor = golden(`${name}/in/${i}`).clone()
    return fact.grad ? tensor.requires_grad_() : tensor
  })
}

function run(name: string) {
  torch.manual_seed(0)
  const module = layers[name]?.() as Module<unknown[], unknown>
  const initial = Object.entries(module.state_dict()).map(([key, value]): [string, Tensor] => [
    key,
    value.clone(),
  ])
  const inputs = inputsOf(name)
  const output = tensorsIn(module(...inputs))
  const total = output
    .map((o) =>
      o
        .mul(torch.arange(1, o.numel() + 1).reshape(o.shape))
        .div(o.numel())
        .sum(),
    )
    .reduce((sum, part) => sum.add(part))
  if (total.requires_grad) total.backward()
  return { module, initial, inputs, output }
}

describe('torch.nn gives what PyTorch gives', () => {
  it('has every layer of the golden', () => {
    expect(Object.keys(layers).sort()).toEqual(Object.keys(facts).sort())
  })

  it.each(Object.keys(layers))('%s', (name) => {
    const fact = facts[name]
    const { module, initial, inputs, output } = run(name)
    expect(String(module)).toBe(fact?.printed)
    expect(initial.map(([key]) => key)).toEqual(fact?.state)
    for (const [key, value] of initial) {
      expect(isClose(value, golden(`${name}/initial/${key}`)), `initial ${key}`).toBe(true)
    }
    expect(output).toHaveLength(fact?.outputs ?? 0)
    output.forEach((value, i) => {
      expect(isClose(value, golden(`${name}/out/${i}`)), `output ${i}`).toBe(true)
    })
    const inputGrads = inputs.flatMap((input, i) => (input?.grad ? [[String(i), input.grad] as const] : []))
    const grads = module.named_parameters().flatMap(([key, { grad }]) => (grad ? [[key, grad] as const] : []))
    for (const [prefix, found] of [
      ['grad-in', inputGrads],
      ['grad', grads],
    ] as const) {
      expect(found.map(([key]) => key).sort()).toEqual(goldenNames(`${name}/${prefix}/`).sort())
      for (const [key, grad] of found) {
        expect(isClose(grad, golden(`${name}/${prefix}/${key}`)), `${prefix} ${key}`).toBe(true)
      }
    }
    const buffers = module.named_buffers()
    expect(buffers.map(([key]) => key).sort()).toEqual(goldenNames(`${name}/after/`).sort())
    for (const [key, value] of buffers) {
      expect(isClose(value, golden(`${name}/after/${key}`)), `buffer ${key}`).toBe(true)
    }
  })
})
