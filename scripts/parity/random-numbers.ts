/** Functions that draw random numbers, each after the same seed, and the generator's state after it. */

import { torch } from '../../lib/index.js'
import type { Tensor } from '../../lib/torch/tensor.js'
import { type Check, Collector } from './check.js'

const t = torch
const { bfloat16, float16, float64, int32 } = torch
const own = new t.Generator()
const weights = t.arange(1, 41, { dtype: t.float32 }).reshape([4, 10])

const draws: Record<string, () => Tensor> = {
  rand: () => t.rand([5, 7]),
  'rand, long': () => t.rand([10_001]),
  'rand, float64': () => t.rand([33], { dtype: float64 }),
  'rand, bfloat16': () => t.rand([33], { dtype: bfloat16 }),
  rand_like: () => t.rand_like(weights),
  'randn, below 16': () => t.randn([7]),
  'randn, 16': () => t.randn([16]),
  'randn, long and odd': () => t.randn([10_001]),
  'randn, float64': () => t.randn([33], { dtype: float64 }),
  'randn, float16': () => t.randn([33], { dtype: float16 }),
  randn_like: () => t.randn_like(weights),
  randint: () => t.randint(0, 1000, [50]),
  'randint, below 0, int32': () => t.randint(-5, 5, [50], { dtype: int32 }),
  randperm: () => t.randperm(1000),
  'randperm, long': () => t.randperm(40_000),
  'randperm, own generator': () => t.randperm(100, { generator: own.manual_seed(9) }),
  normal: () => t.normal(2, 3, [40]),
  bernoulli: () => t.bernoulli(weights.div(41)),
  multinomial: () => t.multinomial(weights, 6),
  'multinomial with replacement': () => t.multinomial(weights, 20, true),
  dropout: () => t.dropout(t.ones([1003]), 0.1, true),
  'dropout, not contiguous': () => t.dropout(t.ones([30, 20]).t(), 0.5, true),
  'dropout, bfloat16': () => t.dropout(t.ones([100], { dtype: bfloat16 }), 0.1, true),
  bernoulli_: () => t.empty([1003]).bernoulli_(0.3),
  'bernoulli_ of a tensor': () => t.empty([4, 10]).bernoulli_(weights.div(41)),
  normal_: () => t.empty([1003]).normal_(0, 0.02),
  'normal_, own generator': () => t.empty([10]).normal_({ generator: own.manual_seed(3) }),
  uniform_: () => t.empty([1003]).uniform_(-0.25, 0.75),
  random_: () => t.empty([50]).random_(),
  'random_, from, to': () => t.empty([50], { dtype: int32 }).random_(3, 99),
  exponential_: () => t.empty([100]).exponential_(2),
  log_normal_: () => t.empty([100]).log_normal_(0.5, 0.25),
  cauchy_: () => t.empty([100]).cauchy_(),
  geometric_: () => t.empty([100]).geometric_(0.4),
  poisson: () => t.poisson(weights),
}
const seeds = [0, 42, -1, 2n ** 63n - 1n]

export const randomNumbers: Check = {
  name: 'random-numbers',
  compared: `${Object.keys(draws).length} random functions × ${seeds.length} seeds: numbers, generator state after`,
  async ours() {
    const results = new Collector()
    for (const seed of seeds) {
      for (const [name, draw] of Object.entries(draws)) {
        torch.manual_seed(seed)
        results.add(`${name}/${seed}`, draw().contiguous())
        results.add(`${name}/${seed}/rng_state`, torch.get_rng_state())
      }
      results.facts[`initial_seed/${seed}`] = String(torch.initial_seed())
    }
    const state = torch.get_rng_state()
    const first = torch.rand([3])
    torch.set_rng_state(state)
    results.facts['the state brings the numbers back'] = torch.equal(first, torch.rand([3]))
    return results
  },
}
