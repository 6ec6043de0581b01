"""Functions that draw random numbers, each after the same seed, and the generator's state after it."""

import torch
from torch import bfloat16, float16, float64, int32

t = torch
own = t.Generator()
weights = t.arange(1.0, 41).reshape(4, 10)

DRAWS = {
    "rand": lambda: t.rand(5, 7),
    "rand, long": lambda: t.rand(10_001),
    "rand, float64": lambda: t.rand(33, dtype=float64),
    "rand, bfloat16": lambda: t.rand(33, dtype=bfloat16),
    "rand_like": lambda: t.rand_like(weights),
    "randn, below 16": lambda: t.randn(7),
    "randn, 16": lambda: t.randn(16),
    "randn, long and odd": lambda: t.randn(10_001),
    "randn, float64": lambda: t.randn(33, dtype=float64),
    "randn, float16": lambda: t.randn(33, dtype=float16),
    "randn_like": lambda: t.randn_like(weights),
    "randint": lambda: t.randint(0, 1000, (50,)),
    "randint, below 0, int32": lambda: t.randint(-5, 5, (50,), dtype=int32),
    "randperm": lambda: t.randperm(1000),
    "randperm, long": lambda: t.randperm(40_000),
    "randperm, own generator": lambda: t.randperm(100, generator=own.manual_seed(9)),
    "normal": lambda: t.normal(2.0, 3.0, (40,)),
    "bernoulli": lambda: t.bernoulli(weights / 41),
    "multinomial": lambda: t.multinomial(weights, 6),
    "multinomial with replacement": lambda: t.multinomial(weights, 20, True),
    "dropout": lambda: t.dropout(t.ones(1003), 0.1, True),
    "dropout, not contiguous": lambda: t.dropout(t.ones(30, 20).t(), 0.5, True),
    "dropout, bfloat16": lambda: t.dropout(t.ones(100, dtype=bfloat16), 0.1, True),
    "bernoulli_": lambda: t.empty(1003).bernoulli_(0.3),
    "bernoulli_ of a tensor": lambda: t.empty(4, 10).bernoulli_(weights / 41),
    "normal_": lambda: t.empty(1003).normal_(0.0, 0.02),
    "normal_, own generator": lambda: t.empty(10).normal_(generator=own.manual_seed(3)),
    "uniform_": lambda: t.empty(1003).uniform_(-0.25, 0.75),
    "random_": lambda: t.empty(50).random_(),
    "random_, from, to": lambda: t.empty(50, dtype=int32).random_(3, 99),
    "exponential_": lambda: t.empty(100).exponential_(2.0),
    "log_normal_": lambda: t.empty(100).log_normal_(0.5, 0.25),
    "cauchy_": lambda: t.empty(100).cauchy_(),
    "geometric_": lambda: t.empty(100).geometric_(0.4),
    "poisson": lambda: t.poisson(weights),
}
SEEDS = [0, 42, -1, 2**63 - 1]


def run(folder, results):
    for seed in SEEDS:
        for name, draw in DRAWS.items():
            t.manual_seed(seed)
            results.add(f"{name}/{seed}", draw())
            results.add_rng_state(f"{name}/{seed}/rng_state")
        results.facts[f"initial_seed/{seed}"] = str(t.initial_seed())
    state = t.get_rng_state()
    first = t.rand(3)
    t.set_rng_state(state)
    results.facts["the state brings the numbers back"] = t.equal(first, t.rand(3))
