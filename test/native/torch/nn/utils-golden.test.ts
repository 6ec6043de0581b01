import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { type Tensor, torch } from '../../../../lib/index.js'
import { packageRoot } from '../../../../lib/native/paths.js'
import { native } from '../../../../lib/torch/native.js'
import type { Linear } from '../../../../lib/torch/nn/linear.js'
import { isClose } from './golden.js'

const { nn } = torch
const { parametrizations, parametrize, prune } = nn.utils

const { tensors, metadata } = await native.loadSafetensors(
  join(packageRoot, 'test', 'fixtures', 'nn', 'utils.safetensors'),
)
const facts = JSON.parse(metadata.facts as string) as Record<string, { printed: string; state: string[] }>
const byName = new Map(tensors)

class Symmetric extends nn.Module<[x: Tensor], Tensor> {
  override forward(x: Tensor): Tensor {
    return x.triu().add(x.triu(1).T)
  }

  right_inverse(x: Tensor): Tensor {
    return x.triu()
  }
}

class Double extends nn.Module<[x: Tensor], Tensor> {
  override forward(x: Tensor): Tensor {
    return x.mul(2)
  }

  right_inverse(x: Tensor): Tensor {
    return x.div(2)
  }
}

type Change = (module: Linear) => unknown
const twice =
  (...changes: Change[]): Change =>
  (module) => {
    for (const change of changes) change(module)
  }
const symmetric: Change = (m) => parametrize.register_parametrization(m, 'weight', new Symmetric())
const double: Change = (m) => parametrize.register_parametrization(m, 'weight', new Double())
const global: Change = (m) => {
  const pairs = [
    [m, 'weight'],
    [m, 'bias'],
  ] as const
  prune.global_unstructured(pairs, prune.L1Unstructured, 0.25)
  prune.global_unstructured(pairs, prune.L1Unstructured, 3)
}
const removed =
  (leave: boolean): Change =>
  (m) =>
    parametrize.remove_parametrizations(m, 'weight', leave)

// The changes of scripts/golden/nn_utils.py.
const cases: Record<string, Change> = {
  'weight-norm-old': (m) => nn.utils.weight_norm(m),
  'weight-norm-old-removed': twice(
    (m) => nn.utils.weight_norm(m),
    (m) => nn.utils.remove_weight_norm(m),
  ),
  'weight-norm': (m) => parametrizations.weight_norm(m),
  'weight-norm-whole': (m) => parametrizations.weight_norm(m, 'weight', null),
  'weight-norm-removed': twice((m) => parametrizations.weight_norm(m), removed(true)),
  'spectral-norm': (m) => parametrizations.spectral_norm(m),
  'spectral-norm-dim': (m) => parametrizations.spectral_norm(m, 'weight', { dim: 1 }),
  'spectral-norm-bias': (m) => parametrizations.spectral_norm(m, 'bias'),
  'spectral-norm-eval': (m) => {
    parametrizations.spectral_norm(m, 'weight', 2)
    m(torch.ones([1, 4]))
    m.eval()
  },
  symmetric,
  'symmetric-double': twice(symmetric, double),
  removed: twice(symmetric, double, removed(true)),
  'removed-original': twice(symmetric, double, removed(false)),
  assigned: twice(double, (m) => {
    m.weight = torch.ones([4, 4])
  }),
  identity: (m) => prune.identity(m, 'bias'),
  'random-unstructured': (m) => prune.random_unstructured(m, 'weight', 0.3),
  'random-unstructured-twice': twice(
    (m) => prune.random_unstructured(m, 'weight', 5),
    (m) => prune.random_unstructured(m, 'weight', 0.5),
  ),
  l1: (m) => prune.l1_unstructured(m, 'weight', 0.40625),
  'l1-twice': twice(
    (m) => prune.l1_unstructured(m, 'weight', 4),
    (m) => prune.l1_unstructured(m, 'weight', 0.25),
  ),
  'l1-scores': (m) =>
    prune.l1_unstructured(m, 'weight', 6, { importance_scores: torch.arange(16).float().reshape(4, 4) }),
  'random-structured': (m) => prune.random_structured(m, 'weight', 0.5, 0),
  'ln-structured': (m) => prune.ln_structured(m, 'weight', 1, 2, 0),
  'ln-structured-twice': twice(
    (m) => prune.l1_unstructured(m, 'weight', 7),
    (m) => prune.ln_structured(m, 'weight', 1, 1, -1),
    (m) => prune.ln_structured(m, 'weight', 0.5, 1, -1),
  ),
  custom: (m) =>
    prune.custom_from_mask(
      m,
      'weight',
      torch
        .tensor([[1, 0, 1, 0]])
        .float()
        .repeat([4, 1]),
    ),
  global,
  'pruned-removed': twice(
    (m) => prune.l1_unstructured(m, 'weight', 6),
    (m) => prune.remove(m, 'weight'),
  ),
  hooks: (m) => {
    m.register_full_backward_hook((_, inputs) => inputs.map((gradient) => gradient?.mul(2) ?? null))
    m.register_full_backward_pre_hook((_, outputs) => outputs.map((gradient) => gradient?.add(1) ?? null))
  },
  'hooks-chained': (m) => {
    m.register_full_backward_hook((_, [input], [output]) => [(input as Tensor).add(output as Tensor)])
    m.register_full_backward_hook((_, [input]) => [(input as Tensor).mul(3)], { prepend: true })
  },
}

describe('torch.nn.utils and backward hooks give what PyTorch gives', () => {
  it('has every case of the golden', () => {
    expect(Object.keys(cases).sort()).toEqual(Object.keys(facts).sort())
  })

  it.each(Object.keys(cases))('%s', (name) => {
    torch.manual_seed(0)
    const module = new nn.Linear(4, 4)
    cases[name]?.(module)
    const x = torch.linspace(-1, 1, 12).reshape(3, 4).requires_grad_()
    const y = module(x)
    y.mul(torch.arange(12).reshape(3, 4)).sum().backward()
    const found = new Map<string, Tensor | null>([
      ['out', y],
      ['grad-in', x.grad],
    ])
    const state = module.state_dict()
    for (const [key, value] of Object.entries(state)) found.set(`state/${key}`, value)
    for (const [key, { grad }] of module.named_parameters()) found.set(`grad/${key}`, grad)
    expect(Object.keys(state)).toEqual(facts[name]?.state)
    expect(String(module)).toBe(facts[name]?.printed)
    const expected = [...byName.keys()].filter((key) => key.startsWith(`${name}/`))
    expect([...found.keys()].map((key) => `${name}/${key}`).sort()).toEqual(expected.sort())
    for (const [key, value] of found) {
      expect(isClose(value as Tensor, byName.get(`${name}/${key}`) as Tensor), key).toBe(true)
    }
  })
})
