"""Golden results of torch.nn.utils and of a module's backward hooks: states, outputs, gradients, printed forms.

  python scripts/golden/nn_utils.py   with scripts/python/requirements.txt, writes test/fixtures/nn/utils.safetensors
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn.utils import parametrizations, parametrize, prune

OUT = Path(__file__).parents[2] / "test" / "fixtures" / "nn" / "utils.safetensors"


class Symmetric(nn.Module):
    def forward(self, x):
        return x.triu() + x.triu(1).T

    def right_inverse(self, x):
        return x.triu()


class Double(nn.Module):
    def forward(self, x):
        return x * 2

    def right_inverse(self, x):
        return x / 2


def linear(change):
    module = nn.Linear(4, 4)
    change(module)
    return module


def twice(*changes):
    def change(module):
        for each in changes:
            each(module)

    return change


def trained_spectral(module):
    parametrizations.spectral_norm(module, n_power_iterations=2)
    module(torch.ones(1, 4))


def removed_parametrization(leave):
    def change(module):
        parametrize.register_parametrization(module, "weight", Symmetric())
        parametrize.register_parametrization(module, "weight", Double())
        parametrize.remove_parametrizations(module, "weight", leave_parametrized=leave)

    return change


def assigned(module):
    parametrize.register_parametrization(module, "weight", Double())
    module.weight = torch.ones(4, 4)


def global_l1(module):
    pairs = [(module, "weight"), (module, "bias")]
    prune.global_unstructured(pairs, prune.L1Unstructured, amount=0.25)
    prune.global_unstructured(pairs, prune.L1Unstructured, amount=3)


def scores(module):
    return torch.arange(16.0).reshape(4, 4)


def scaled_hooks(module):
    module.register_full_backward_hook(lambda m, gi, go: tuple(None if g is None else g * 2 for g in gi))
    module.register_full_backward_pre_hook(lambda m, go: tuple(g + 1 for g in go))


def chained_hooks(module):
    module.register_full_backward_hook(lambda m, gi, go: (gi[0] + go[0],))
    module.register_full_backward_hook(lambda m, gi, go: (gi[0] * 3,), prepend=True)


mask = torch.tensor([[1.0, 0, 1, 0]]).repeat(4, 1)

# The same changes by the same names stand in the test.
CASES = {
    "weight-norm-old": lambda m: nn.utils.weight_norm(m),
    "weight-norm-old-removed": twice(nn.utils.weight_norm, nn.utils.remove_weight_norm),
    "weight-norm": lambda m: parametrizations.weight_norm(m),
    "weight-norm-whole": lambda m: parametrizations.weight_norm(m, dim=None),
    "weight-norm-removed": twice(
        parametrizations.weight_norm, lambda m: parametrize.remove_parametrizations(m, "weight")
    ),
    "spectral-norm": lambda m: parametrizations.spectral_norm(m),
    "spectral-norm-dim": lambda m: parametrizations.spectral_norm(m, dim=1),
    "spectral-norm-bias": lambda m: parametrizations.spectral_norm(m, "bias"),
    "spectral-norm-eval": twice(trained_spectral, lambda m: m.eval()),
    "symmetric": lambda m: parametrize.register_parametrization(m, "weight", Symmetric()),
    "symmetric-double": twice(
        lambda m: parametrize.register_parametrization(m, "weight", Symmetric()),
        lambda m: parametrize.register_parametrization(m, "weight", Double()),
    ),
    "removed": removed_parametrization(True),
    "removed-original": removed_parametrization(False),
    "assigned": assigned,
    "identity": lambda m: prune.identity(m, "bias"),
    "random-unstructured": lambda m: prune.random_unstructured(m, "weight", 0.3),
    "random-unstructured-twice": twice(
        lambda m: prune.random_unstructured(m, "weight", 5), lambda m: prune.random_unstructured(m, "weight", 0.5)
    ),
    "l1": lambda m: prune.l1_unstructured(m, "weight", 0.40625),
    "l1-twice": twice(
        lambda m: prune.l1_unstructured(m, "weight", 4), lambda m: prune.l1_unstructured(m, "weight", 0.25)
    ),
    "l1-scores": lambda m: prune.l1_unstructured(m, "weight", 6, importance_scores=scores(m)),
    "random-structured": lambda m: prune.random_structured(m, "weight", 0.5, dim=0),
    "ln-structured": lambda m: prune.ln_structured(m, "weight", 1, n=2, dim=0),
    "ln-structured-twice": twice(
        lambda m: prune.l1_unstructured(m, "weight", 7),
        lambda m: prune.ln_structured(m, "weight", 1, n=1, dim=-1),
        lambda m: prune.ln_structured(m, "weight", 0.5, n=1, dim=-1),
    ),
    "custom": lambda m: prune.custom_from_mask(m, "weight", mask),
    "global": global_l1,
    "pruned-removed": twice(lambda m: prune.l1_unstructured(m, "weight", 6), lambda m: prune.remove(m, "weight")),
    "hooks": scaled_hooks,
    "hooks-chained": chained_hooks,
}


def run(change, tensors, name):
    torch.manual_seed(0)
    module = linear(change)
    x = torch.linspace(-1, 1, 12).reshape(3, 4).requires_grad_()
    y = module(x)
    (y * torch.arange(12).reshape(3, 4)).sum().backward()
    tensors[f"{name}/out"] = y.detach()
    tensors[f"{name}/grad-in"] = x.grad
    for key, value in module.state_dict().items():
        tensors[f"{name}/state/{key}"] = value
    for key, parameter in module.named_parameters():
        tensors[f"{name}/grad/{key}"] = parameter.grad
    return {"printed": repr(module), "state": list(module.state_dict())}


def main():
    torch.set_num_threads(1)
    tensors = {}
    facts = {name: run(change, tensors, name) for name, change in CASES.items()}
    metadata = {"torch": torch.__version__, "facts": json.dumps(facts)}
    save_file({key: value.contiguous().clone() for key, value in tensors.items()}, OUT, metadata)


main()
