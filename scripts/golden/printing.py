"""Writes test/fixtures/torch/printing.json: tensors and how PyTorch prints them.

Run by the Python of `npm run parity` (see scripts/python.ts): python scripts/golden/printing.py
"""

import json
import math
import pathlib

import torch

inf, nan = math.inf, math.nan

# name: (values or a count for arange, options)
CASES = {
    "scalar float": (3.0, {}),
    "scalar fraction": (3.14159, {}),
    "scalar int": (7, {}),
    "scalar bool": (True, {}),
    "scalar negative zero": (-0.0, {"dtype": "float32"}),
    "scalar nan": (nan, {}),
    "scalar inf": (-inf, {}),
    "ints": ([1, 20, -300], {}),
    "whole floats": ([1.0, -2.0, 30.0], {"dtype": "float32"}),
    "fractions": ([0.1, 0.25, -3.0], {}),
    "zeros": ([0.0, 0.0], {"dtype": "float32"}),
    "negative zero": ([-0.0, 0.5], {}),
    "ties": ([0.03125, 0.09375, 0.15625, -0.21875], {}),
    "exponent tie": ([100005.0, 1.0, 100015.0], {"dtype": "float32"}),
    "with nan": ([nan, 1.0, 2.0], {}),
    "with inf": ([-inf, 1.0, inf], {}),
    "nan and fractions": ([nan, 1.5, -22.5], {}),
    "all nan": ([nan, nan], {}),
    "bools": ([True, False, True], {}),
    "large spread": ([1.0, 2000.5], {}),
    "large spread of whole": ([1.0, 2000.0], {"dtype": "float32"}),
    "tiny": ([1e-5, 2e-5], {}),
    "tiny with zero and inf": ([0.0, 1e-5, inf], {}),
    "huge": ([1e10, 1.0], {"dtype": "float32"}),
    "over 1e8": ([200000000.0], {"dtype": "float32"}),
    "denormal": ([1e-45], {}),
    "max float": ([3.4028234663852886e38], {"dtype": "float32"}),
    "double": ([1.0, 2.5], {"dtype": "float64"}),
    "double tiny": ([1e-300, 1.0], {"dtype": "float64"}),
    "half": ([1.0, 0.3333], {"dtype": "float16"}),
    "bfloat16": ([1.0, 0.3333], {"dtype": "bfloat16"}),
    "int8": ([-128, 127], {"dtype": "int8"}),
    "uint8": ([0, 255], {"dtype": "uint8"}),
    "int32": ([5], {"dtype": "int32"}),
    "matrix": ([[1.0, 2.0], [3.0, 4.5]], {}),
    "matrix of ints": ([[1, -20], [300, 4]], {}),
    "matrix of bools": ([[True, False], [False, False]], {}),
    "cube": ([[[1, 2], [3, 4]], [[5, 6], [7, 8]]], {}),
    "four dimensions": ([[[[1.5]], [[2.5]]]], {}),
    "empty": ([], {}),
    "empty int": ([], {"dtype": "int64"}),
    "empty matrix": ([[], []], {}),
    "empty int matrix": ([[], []], {"dtype": "int64"}),
    "one row of none": ([[]], {"dtype": "bool"}),
    "requires grad": ([1.0, 2.0], {"dtype": "float32", "requires_grad": True}),
    "many in a line": (25, {}),
    "many in a line of floats": (40, {"dtype": "float32"}),
    "many fractions": (30, {"divisor": 7}),
    "long matrix": (60, {"shape": [2, 30]}),
    "exactly a thousand": (1000, {"shape": [10, 100]}),
    "summary": (1001, {}),
    "summary of floats": (2000, {"divisor": 7}),
    "summary of a matrix": (10000, {"shape": [100, 100]}),
    "summary of rows": (4004, {"shape": [2, 2002]}),
    "summary of columns": (4004, {"shape": [2002, 2]}),
    "summary of a cube": (8000, {"shape": [20, 20, 20], "dtype": "float32"}),
    "suffix in a line of its own": (12, {"divisor": 3, "dtype": "float64", "requires_grad": True}),
    "suffix at the edge": (16, {"dtype": "int32"}),
    "complex": ([1.5, -2.25, 3.0, 0.0], {"complex": True}),
    "complex double": ([1.0, -2.0], {"complex": True, "dtype": "float64"}),
    "complex matrix": ([0.5, 1.0, -0.5, 2.0, 0.0, 0.0, 1.0, -1.0], {"complex": True, "shape": [2, 2]}),
    "meta": ([1.0, 2.0], {"device": "meta", "dtype": "float32"}),
    "meta ints": ([[1, 2]], {"device": "meta"}),
}


def make(values, dtype=None, shape=None, divisor=None, requires_grad=False, complex=False, device=None):
    if isinstance(values, int) and not isinstance(values, bool) and (shape or values > 7):
        tensor = torch.arange(values)
    else:
        tensor = torch.tensor(values, dtype=torch.float64 if dtype == "float64" else None)
    if divisor:
        tensor = tensor / divisor
    if dtype:
        tensor = tensor.to(getattr(torch, dtype))
    if complex:
        tensor = torch.view_as_complex(tensor.reshape(-1, 2))
    if shape:
        tensor = tensor.reshape(shape)
    if device:
        tensor = tensor.to(device)
    return tensor.requires_grad_() if requires_grad else tensor


def plain(values):
    """JSON has no nan and inf, and -0.0 and whole floats lose their kind on the way."""
    if isinstance(values, list):
        return [plain(value) for value in values]
    if isinstance(values, float) and not math.isfinite(values):
        return str(values)
    return "-0" if values == 0 and math.copysign(1, values) < 0 else values


cases = [
    {"name": name, "values": plain(values), **options, "text": str(make(values, **options))}
    for name, (values, options) in CASES.items()
]
target = pathlib.Path(__file__).parents[2] / "test/fixtures/torch/printing.json"
target.parent.mkdir(parents=True, exist_ok=True)
target.write_text(json.dumps({"torch": torch.__version__, "cases": cases}, indent=1, ensure_ascii=False) + "\n")
print(f"{len(cases)} tensors in {target}")
