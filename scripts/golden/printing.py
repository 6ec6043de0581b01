"""Golden prints: tensors as raw bytes, and the text that PyTorch prints for them.

  python scripts/golden/printing.py   with scripts/python/requirements.txt, writes test/fixtures/torch/printing.json.gz
"""

import base64
import gzip
import json
from pathlib import Path

import torch

OUTPUT = Path(__file__).parents[2] / "test" / "fixtures" / "torch" / "printing.json.gz"
FLOATS = [torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.float8_e5m2, torch.float8_e4m3fn]
INTEGERS = [torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.uint16, torch.uint32, torch.uint64]
INF, NAN = float("inf"), float("nan")
VALUES = {
    "plain": [1.5, -2.25, 0.125, 3.0],
    "whole": [1.0, -2.0, 300.0],
    "zeros": [0.0, -0.0],
    "negative zero": [-0.0, 1.5],
    "infinite": [INF, -INF, NAN],
    "whole and infinite": [1.0, INF, -INF, NAN],
    "fractions and infinite": [1.5, INF, -INF, NAN, -0.0],
    "apart": [1e-3, 10.0],
    "far apart": [1e-3, 1e3 + 1],
    "tiny": [1e-5, 2e-5],
    "tiny and zero": [1e-5, 0.0, NAN, -INF],
    "huge": [2e8, -3.5e10],
    "whole in exponents": [1.0, 100005.0, 123456789.0],
    "ties": [0.03125, 0.09375, -0.15625, 2.00005, 1.00015],
    "ties in exponents": [100005.0, 100015.0, 1.0, 0.5],
    "long exponents": [1e-38, 1e38],
    "wrap": [i * 1.0625 for i in range(40)],
}

# name: (values or a count for arange, options)
SMALL = {
    "scalar float": (3.0, {}),
    "scalar fraction": (3.14159, {}),
    "scalar int": (7, {}),
    "scalar bool": (True, {}),
    "scalar negative zero": (-0.0, {"dtype": "float32"}),
    "scalar nan": (NAN, {}),
    "scalar inf": (-INF, {}),
    "ints": ([1, 20, -300], {}),
    "whole floats": ([1.0, -2.0, 30.0], {"dtype": "float32"}),
    "fractions": ([0.1, 0.25, -3.0], {}),
    "zeros": ([0.0, 0.0], {"dtype": "float32"}),
    "negative zero": ([-0.0, 0.5], {}),
    "ties": ([0.03125, 0.09375, 0.15625, -0.21875], {}),
    "exponent tie": ([100005.0, 1.0, 100015.0], {"dtype": "float32"}),
    "with nan": ([NAN, 1.0, 2.0], {}),
    "with inf": ([-INF, 1.0, INF], {}),
    "nan and fractions": ([NAN, 1.5, -22.5], {}),
    "all nan": ([NAN, NAN], {}),
    "bools": ([True, False, True], {}),
    "large spread": ([1.0, 2000.5], {}),
    "large spread of whole": ([1.0, 2000.0], {"dtype": "float32"}),
    "tiny": ([1e-5, 2e-5], {}),
    "tiny with zero and inf": ([0.0, 1e-5, INF], {}),
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
    "summary of a matrix": (1600, {"shape": [40, 40]}),
    "summary of rows": (1202, {"shape": [2, 601]}),
    "summary of columns": (1202, {"shape": [601, 2]}),
    "summary of a cube": (1331, {"shape": [11, 11, 11], "dtype": "float32"}),
    "suffix in a line of its own": (12, {"divisor": 3, "dtype": "float64", "requires_grad": True}),
    "suffix at the edge": (16, {"dtype": "int32"}),
    "complex": ([1.5, -2.25, 3.0, 0.0], {"complex": True}),
    "complex double": ([1.0, -2.0], {"complex": True, "dtype": "float64"}),
    "complex matrix": ([0.5, 1.0, -0.5, 2.0, 0.0, 0.0, 1.0, -1.0], {"complex": True, "shape": [2, 2]}),
    "meta": ([1.0, 2.0], {"device": "meta", "dtype": "float32"}),
    "meta ints": ([[1, 2]], {"device": "meta"}),
}


def make(values, dtype=None, shape=None, divisor=None, complex=False):
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
    return tensor


cases = []


def add(name, tensor, options=None, requires_grad=False, op=None):
    data = tensor.detach().contiguous()
    raw = b"" if data.numel() == 0 else bytes(data.reshape(-1).view(torch.uint8).tolist())
    shown = tensor.requires_grad_() if requires_grad else tensor
    if op == "mul":
        shown = shown * 2
    elif op == "transpose":
        shown = shown.transpose(0, 1)
    elif op == "sparse":
        shown = shown.to_sparse()
    elif op == "csr":
        shown = shown.to_sparse_csr()
    elif op == "meta":
        shown = shown.to("meta")
    elif op == "conj":
        shown = shown.conj()
    if options is not None:
        torch.set_printoptions(**options)
    text = str(shown)
    torch.set_printoptions(profile="default")
    case = {"name": name, "dtype": str(data.dtype), "shape": list(data.shape), "data": base64.b64encode(raw).decode()}
    given = {"options": options, "requires_grad": requires_grad, "op": op}
    cases.append(case | {key: value for key, value in given.items() if value} | {"text": text})


def add_all():
    for name, (values, options) in SMALL.items():
        made = {key: value for key, value in options.items() if key not in ("requires_grad", "device")}
        op = "meta" if options.get("device") == "meta" else None
        add(name, make(values, **made), requires_grad=options.get("requires_grad", False), op=op)
    for name, values in VALUES.items():
        for dtype in FLOATS[:2] if "exponents" in name else FLOATS[:5]:
            add(f"{name} {dtype}", torch.tensor(values, dtype=torch.float64).to(dtype))
    for dtype in FLOATS:
        add(f"0-d {dtype}", torch.tensor(1.25).to(dtype))
        add(f"empty {dtype}", torch.empty(0, dtype=dtype))
        add(f"matrix {dtype}", torch.linspace(-4, 4, 12).reshape(3, 4).to(dtype))
        add(f"summary {dtype}", (torch.arange(1200) / 64).reshape(30, 40).to(dtype))
    for dtype in INTEGERS:
        add(f"integers {dtype}", torch.tensor([0, 1, 100, 7]).to(dtype))
        add(f"0-d {dtype}", torch.tensor(5).to(dtype))
        add(f"empty {dtype}", torch.empty(2, 0, dtype=dtype))
        add(f"wrap {dtype}", torch.arange(60).reshape(2, 30).to(dtype))
    add("int64 limits", torch.tensor([-(2**63), 2**63 - 1, 0]))
    add("uint64 limits", torch.tensor([2**64 - 1, 0], dtype=torch.uint64))
    add("long integers", torch.arange(0, 10**15, 10**13))
    add("summary int64", torch.arange(1001))
    add("summary bool", torch.arange(1100).reshape(11, 100) % 3 == 0)
    add("bool", torch.tensor([[True, False], [False, False]]))
    add("bool false", torch.tensor([False]))
    add("bool 0-d", torch.tensor(True))
    add("bool empty", torch.empty(0, dtype=torch.bool))
    for dtype in (torch.complex64, torch.complex128):
        add(f"complex {dtype}", torch.tensor([1 + 2j, -1.5 - 0.25j, 0j], dtype=dtype))
        add(f"complex whole {dtype}", torch.tensor([[1 + 2j, -3j]], dtype=dtype))
        add(f"complex special {dtype}", torch.tensor([complex(NAN, INF), complex(-INF, -0.0), 1.5 + 1j], dtype=dtype))
        add(f"complex 0-d {dtype}", torch.tensor(1.5 - 2j, dtype=dtype))
        add(f"complex wrap {dtype}", torch.complex(torch.arange(20.0) / 4, -torch.arange(20.0)).to(dtype))
        add(f"complex conj {dtype}", torch.tensor([1 + 2j, 3.5 - 1j], dtype=dtype), op="conj")
        add(f"complex summary {dtype}", torch.complex(torch.arange(1002.0), torch.ones(1002)).to(dtype))
        add(f"complex exponents {dtype}", torch.tensor([1e-7 + 1j, 1e6 - 2e-9j], dtype=dtype))
    for shape in ([2, 3, 4], [2, 1, 2, 2], [1, 1, 1, 1, 1], [0], [3, 0], [0, 2, 3], [1], [], [7, 7, 25], [2, 600], [600, 2], [1, 1005]):
        add(f"shape {shape}", torch.arange(torch.Size(shape).numel(), dtype=torch.float32).reshape(shape) / 8)
    add("random", torch.randn(5, 9))
    add("random wide", torch.randn(3, 25))
    add("transposed", torch.arange(6.0).reshape(2, 3), op="transpose")
    add("requires grad", torch.tensor([1.0, 2.0]), requires_grad=True)
    add("requires grad 0-d", torch.tensor(2.5, dtype=torch.float64), requires_grad=True)
    add("gradient function", torch.tensor([1.0, 2.5]), requires_grad=True, op="mul")
    add("suffix on a line of its own", torch.arange(11.0) / 8, requires_grad=True, op="mul")
    add("suffixes that wrap", torch.randn(8, dtype=torch.float64), requires_grad=True, op="mul")
    for suffix in range(7, 13):
        add(f"suffix at the edge {suffix}", torch.randn(suffix, dtype=torch.float16))
    add("meta", torch.zeros(2, 3), op="meta")
    add("meta vector", torch.zeros(3, dtype=torch.int64), op="meta")
    add("sparse", torch.tensor([[0, 1.5], [2, 0]]), op="sparse")
    add("sparse empty", torch.zeros(2, 2, dtype=torch.float64), op="sparse")
    add("compressed", torch.tensor([[0, 1.5], [2, 0]], dtype=torch.float64), op="csr")
    values = torch.tensor([1.23456, 1000.5, -0.00012])
    for options in (
        {"precision": 2}, {"precision": 0}, {"precision": 8}, {"sci_mode": True}, {"sci_mode": False},
        {"linewidth": 20}, {"profile": "short"}, {"profile": "full"}, {"precision": 1, "linewidth": 24, "sci_mode": True},
    ):  # fmt: skip
        add(f"options {options}", values, options)
        add(f"options {options}, matrix", (torch.arange(12.0) * 1.37).reshape(3, 4), options)
    add("threshold", torch.arange(20), {"threshold": 5})
    add("threshold and edgeitems", torch.arange(60.0).reshape(6, 10), {"threshold": 5, "edgeitems": 1})
    add("no edgeitems", torch.arange(60.0).reshape(6, 10), {"threshold": 5, "edgeitems": 0})
    add("no edgeitems, vector", torch.arange(60), {"threshold": 5, "edgeitems": 0})
    add("full", torch.arange(1001), {"profile": "full"})
    add("never exponents", torch.tensor([1e25, 1.0]), {"sci_mode": False})
    add("never exponents, fractions", torch.tensor([1e25, 1.5], dtype=torch.float64), {"sci_mode": False})
    add("exponents of zero", torch.tensor([0.0, INF]), {"sci_mode": True})


if __name__ == "__main__":
    torch.manual_seed(0)
    add_all()
    lines = ",\n".join(json.dumps(case) for case in cases)
    text = f'{{"torch": "{torch.__version__}", "cases": [\n{lines}\n]}}\n'
    OUTPUT.write_bytes(gzip.compress(text.encode(), mtime=0))
