"""Writes what Python's argument parser makes of unusual arguments: test/fixtures/torch/arguments.json.

    python scripts/golden/arguments.py

Rows: name, [shape, values]; null where Python raises. test/native/torch/arguments.test.ts makes the same calls.
"""

import json
from pathlib import Path

import torch

x = torch.tensor([[0.2, 0.3, 0.4], [0.5, 0.6, 0.7]])
y = torch.tensor([[0.2, 0.3, 0.9], [0.1, 0.6, 0.7]])
signs = torch.tensor([1.0, -1.0])
two = torch.tensor(2)
one = torch.tensor(1)
zero = torch.tensor(0)

CALLS = {
    "logit with true": lambda: torch.logit(x, True),
    "norm with true": lambda: torch.norm(x, True),
    "quantile with true": lambda: torch.quantile(x, True),
    "linspace to true": lambda: torch.linspace(0, True, 3),
    "narrow by true": lambda: torch.narrow(x, 0, True, 1),
    "zeros of true": lambda: torch.zeros([True, 2]),
    "zeros of a tensor": lambda: torch.zeros(two),
    "zeros of tensors": lambda: torch.zeros(two, 3),
    "zeros of a list with a tensor": lambda: torch.zeros([3, two]),
    "zeros of one element": lambda: torch.zeros(torch.tensor([3])),
    "zeros of two elements": lambda: torch.zeros(torch.tensor([3, 2])),
    "zeros of a byte": lambda: torch.zeros(torch.tensor(2, dtype=torch.uint8)),
    "zeros of a float": lambda: torch.zeros(torch.tensor(2.0)),
    "zeros of a truth": lambda: torch.zeros(torch.tensor(True)),
    "view of tensors": lambda: x.view(3, two),
    "permute by tensors": lambda: x.permute(one, zero),
    "repeat of tensors": lambda: x.repeat(two, 1),
    "sum over a tensor": lambda: x.sum(one),
    "flip of a tensor": lambda: x.flip(one),
    "kl_div": lambda: torch.kl_div(x, y),
    "kl_div of logarithms": lambda: torch.kl_div(x, y, log_target=True),
    "kl_div, mean": lambda: torch.kl_div(x, y, 1),
    "kl_div, sum by name": lambda: torch.kl_div(x, y, reduction=2),
    "aten.kl_div": lambda: torch.ops.aten.kl_div(x, y),
    "hinge_embedding_loss": lambda: torch.hinge_embedding_loss(x, torch.tensor([1.0, -1.0, 1.0])),
    "binary_cross_entropy_with_logits": lambda: torch.binary_cross_entropy_with_logits(x, y),
    "margin_ranking_loss": lambda: torch.margin_ranking_loss(x, y, y, 0.5),
    "cosine_embedding_loss": lambda: torch.cosine_embedding_loss(x, y, signs),
    "triplet_margin_loss": lambda: torch.triplet_margin_loss(x, y, x, swap=True),
    "ctc_loss": lambda: torch.ctc_loss(x.log().reshape(2, 1, 3), torch.tensor([[1]]), [2], [1]),
}


def result(call):
    try:
        value = call()
    except (RuntimeError, TypeError):
        return None
    return [list(value.shape), [repr(number) for number in value.double().flatten().tolist()]]


if __name__ == "__main__":
    target = Path(__file__).parents[2] / "test/fixtures/torch/arguments.json"
    lines = ",\n".join(json.dumps([name, result(call)], separators=(",", ":")) for name, call in CALLS.items())
    target.write_text(f"[\n{lines}\n]\n")
