"""Writes what operators with tensors and numbers give: test/fixtures/torch/overloads.json.

    python scripts/golden/overloads.py

The name of the backward function tells which overload Python's argument parser picked, dtype and values what came of
it. Rows: name, operands, [backward function, dtype, shape, values]; null where Python raises.
"""

import json
import warnings
from pathlib import Path

import torch

OPERANDS = {
    "floats": lambda: torch.tensor([1.5, 2.25, 0.5], requires_grad=True),
    "ints": lambda: torch.tensor([1, 2, 3]),
    "bools": lambda: torch.tensor([True, False, True]),
    "0-d float64": lambda: torch.tensor(2.5, dtype=torch.float64),
    "0-d int": lambda: torch.tensor(2),
    "2": lambda: 2,
    "2.5": lambda: 2.5,
    "true": lambda: True,
}
FUNCTIONS = """add sub subtract mul multiply div divide true_divide floor_divide remainder fmod pow float_power rsub
    xlogy eq ne lt ge bitwise_and bitwise_xor maximum atan2 copysign""".split()
IN_PLACE = "add_ sub_ subtract_ mul_ multiply_ div_ divide_ true_divide_ floor_divide_ remainder_ pow_".split()


def result(function, operands):
    try:
        value = function(*operands)
    except (RuntimeError, TypeError):
        return None
    name = value.grad_fn.name() if value.grad_fn else None
    values = [repr(number) for number in value.detach().double().flatten().tolist()]
    return [name, str(value.dtype), list(value.shape), values]


def rows():
    for name in FUNCTIONS + IN_PLACE:
        in_place = name.endswith("_")
        function = getattr(torch.Tensor if in_place else torch, name)
        for a, make in OPERANDS.items():
            for b, other in OPERANDS.items():
                if not isinstance(make(), torch.Tensor) and (in_place or not isinstance(other(), torch.Tensor)):
                    continue
                first = make()
                # A leaf that requires grad must not be changed in place.
                if in_place and first.requires_grad:
                    first = first.clone()
                yield [name, a, b, result(function, [first, other()])]


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    target = Path(__file__).parents[2] / "test/fixtures/torch/overloads.json"
    lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows())
    target.write_text(f"[\n{lines}\n]\n")
