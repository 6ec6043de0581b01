import { expect, it } from 'vitest'

import { RobertaConfig, RobertaModel, torch } from '../../../../lib/index.js'
import type { Tensor } from '../../../../lib/torch/tensor.js'
import { expectClose } from '../../roberta/close.js'
import { readGolden } from './golden.js'

const { AveragedModel, ...swa } = torch.optim.swa_utils
const { tensor } = await readGolden<string>('averages')

const { BatchNorm1d, Linear, Sequential } = torch.nn

it.each([
  ['mean', {}],
  ['swa', { avg_fn: swa.get_swa_avg_fn() }],
  ['ema', { avg_fn: swa.get_ema_avg_fn(0.9) }],
  ['swa_multi', { multi_avg_fn: swa.get_swa_multi_avg_fn() }],
  ['ema_multi', { multi_avg_fn: swa.get_ema_multi_avg_fn(0.9) }],
])('%s: ten updates give what PyTorch gives', (name, options) => {
  const model = new Linear(4, 3)
  const averaged = new AveragedModel(model, { ...options, module: new Linear(4, 3) })
  for (let i = 0; i < 10; i++) {
    model.load_state_dict({ weight: tensor('in/weight').select(0, i), bias: tensor('in/bias').select(0, i) })
    averaged.update_parameters(model)
  }
  const state = averaged.state_dict()
  expect(Object.keys(state)).toEqual(['n_averaged', 'module.weight', 'module.bias'])
  for (const [key, value] of Object.entries(state)) expectClose(value, tensor(`${name}/${key}`), 1e-7, key)

  const input = torch.ones([2, 4])
  expect(averaged(input).tolist()).toEqual(averaged.module(input).tolist())
  const other = new AveragedModel(new Linear(4, 3), { ...options, module: new Linear(4, 3) })
  other.load_state_dict(state)
  expect(other.n_averaged.item()).toBe(10)
  expect(other.module.weight.tolist()).toEqual(averaged.module.weight.tolist())
})

it('makes a second RoBERTa itself, and leaves the random numbers as they were', () => {
  const config = new RobertaConfig({
    vocab_size: 50,
    hidden_size: 8,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    intermediate_size: 16,
  })
  const model = new RobertaModel(config)
  const before = torch.get_rng_state().tolist()
  const averaged = new AveragedModel(model)
  expect(torch.get_rng_state().tolist()).toEqual(before)
  expect(averaged.module).not.toBe(model)
  averaged.update_parameters(model)
  const weights = new Map(model.named_parameters())
  for (const [name, weight] of averaged.module.named_parameters()) {
    expect(weight.equal(weights.get(name) as Tensor), name).toBe(true)
  }
})

it('refuses what cannot be averaged', () => {
  const model = new Linear(4, 3)
  expect(() => new AveragedModel(model)).toThrow(/Linear cannot be copied/)
  expect(() => new AveragedModel(model, { module: model })).toThrow(/another instance/)
  expect(() => swa.get_ema_avg_fn(2)).toThrow(/decay is 2/)
})

it('measures batch normalisation anew', () => {
  const model = new Sequential(new BatchNorm1d(4))
  const norm = model.modules().find((module) => module instanceof BatchNorm1d)
  const batches = [tensor('in/weight').select(0, 0), tensor('in/weight').select(0, 1)]
  model(torch.ones([2, 4]))
  model.eval()
  swa.update_bn(batches, model)
  const mean = torch.stack(batches.map((batch) => batch.mean([0]))).mean([0])
  expectClose(norm?.running_mean as Tensor, mean, 1e-6, 'running mean')
  expect([norm?.momentum, model.training]).toEqual([0.1, false])
})
