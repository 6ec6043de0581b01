"""What torch.testing and torch.autograd.gradcheck say, draw and refuse.

  python scripts/golden/testing.py   with scripts/python/requirements.txt, writes test/fixtures/torch/testing.json
"""

import json
import math
from pathlib import Path

import torch
from torch.testing import assert_close, make_tensor

OUT = Path(__file__).parents[2] / "test" / "fixtures" / "torch" / "testing.json"
nan, inf = math.nan, math.inf


def number(x):
    return x if isinstance(x, float) and math.isfinite(x) else str(x)


def encode(value):
    """Values with their Python types, for JSON."""
    if isinstance(value, torch.Tensor):
        if value.layout != torch.strided:
            coo = value.to_sparse_coo()
            dense = encode(coo.to_dense())
            return {**dense, "layout": str(value.layout)}
        plain = torch.view_as_real(value.detach()) if value.is_complex() else value.detach()
        if value.dtype.is_floating_point and value.dtype.itemsize == 1:
            plain = plain.float()
        flat = [number(float(x)) if plain.is_floating_point() else int(x) for x in plain.flatten().tolist()]
        return {"dtype": str(value.dtype), "shape": list(value.shape), "values": flat, "stride": list(value.stride())}
    if isinstance(value, bool) or value is None:
        return {"plain": value}
    if isinstance(value, int):
        return {"int": str(value)}
    if isinstance(value, float):
        return {"float": number(value)}
    if isinstance(value, (list, tuple)):
        return {"list": [encode(item) for item in value]}
    return {"map": {key: encode(item) for key, item in value.items()}}


def t(*values, dtype=torch.float32):
    return torch.tensor(values, dtype=dtype)


sparse = torch.tensor([[0.0, 1.0], [2.0, 0.0]])
eighth = torch.zeros(16)
eighth[3] = 1

# (actual, expected, options)
CASES = [
    (t(1.0, 2.0), t(1.0, 2.0), {}),
    (t(1.0, 2.0, 3.0), t(1.0, 4.0, 5.0), {}),
    (t(1.0, 2.0, 3.0), t(1.0, 4.0, 5.0), {"rtol": 0.25, "atol": 1.5}),
    (t(1.0), t(1.0 + 1e-5), {}),
    (t(1.0), t(1.0 + 3e-5), {}),
    (t(1.0, dtype=torch.float64), t(1.0 + 3e-7, dtype=torch.float64), {}),
    (t(1.0, dtype=torch.bfloat16), t(1.0078125, dtype=torch.bfloat16), {}),
    (t(1.0, dtype=torch.float16), t(1.01, dtype=torch.float16), {}),
    (torch.arange(12.0).reshape(3, 4), torch.arange(12.0).reshape(3, 4) * 1.1, {}),
    (eighth, torch.zeros(16), {}),
    (t(1.0, 2.0), t(1.0, 3.0), {"rtol": 0, "atol": 0}),
    (t(1, 2, 3, dtype=torch.int64), t(1, 5, 0, dtype=torch.int64), {}),
    (t(1, 250, dtype=torch.uint8), t(2, 5, dtype=torch.uint8), {}),
    (t(True, False, dtype=torch.bool), t(True, True, dtype=torch.bool), {}),
    (t(nan, 1.0), t(nan, 1.0), {}),
    (t(nan, 1.0), t(nan, 1.0), {"equal_nan": True}),
    (t(inf, 1.0), t(-inf, 1.0), {}),
    (t(1 + 2j, 3 - 1j, dtype=torch.complex64), t(1 + 2j, 3 + 1j, dtype=torch.complex64), {}),
    (torch.tensor(1 + 2j), torch.tensor(1 - 2j), {}),
    (torch.tensor(1.5), torch.tensor(2.5), {}),
    (torch.tensor(3), torch.tensor(5), {}),
    (torch.tensor(3), torch.tensor(0), {}),
    (torch.tensor(True), torch.tensor(False), {}),
    (torch.tensor(nan), torch.tensor(nan), {}),
    (t(1.0), t(1.0, 2.0), {}),
    (torch.tensor(1.0), t(1.0), {}),
    (t(1.0), t(1.0, dtype=torch.float64), {}),
    (t(1.0), t(1.0, dtype=torch.float64), {"check_dtype": False}),
    (t(1.0), t(1.1, dtype=torch.float64), {"check_dtype": False}),
    (t(1, dtype=torch.int64), t(1.0), {"check_dtype": False}),
    (torch.ones(2, 3), torch.ones(3, 2).T, {}),
    (torch.ones(2, 3), torch.ones(3, 2).T, {"check_stride": True}),
    (sparse.to_sparse_coo(), sparse.to_sparse_coo(), {}),
    (sparse.to_sparse_coo(), (sparse + 1).to_sparse_coo(), {}),
    (sparse.to_sparse_coo(), (sparse * 2).to_sparse_coo(), {}),
    (sparse.to_sparse_coo(), sparse.T.contiguous().to_sparse_coo() * 2, {}),
    (sparse.to_sparse_csr(), (sparse * 2).to_sparse_csr(), {}),
    (sparse.to_sparse_csr(), torch.eye(2).to_sparse_csr(), {}),
    (sparse.to_sparse_csc(), (sparse * 2).to_sparse_csc(), {}),
    (sparse.to_sparse_coo(), sparse, {}),
    (sparse.to_sparse_coo(), sparse, {"check_layout": False}),
    (sparse.to_sparse_coo(), sparse * 2, {"check_layout": False}),
    (t(1.0, 2.0).to(torch.float8_e5m2), t(1.0, 3.0).to(torch.float8_e5m2), {}),
    (1.0, 1.0, {}),
    (1.0, 1.1, {}),
    (1e-10, 1e-9, {"rtol": 0, "atol": 0}),
    (1, 2, {}),
    (1, 1.0, {}),
    (1, 1.0, {"check_dtype": False}),
    (10**20, 10**20 + 1, {}),
    (nan, nan, {}),
    (nan, nan, {"equal_nan": True}),
    (inf, inf, {}),
    (inf, 1.0, {}),
    (True, False, {}),
    (None, None, {}),
    (None, 1.0, {}),
    ([t(1.0), 2.0], [t(1.0), 2.0], {}),
    ([t(1.0), 2.0], [t(1.0), 3.0], {}),
    ([1.0], [1.0, 2.0], {}),
    ({"a": t(1.0), "b": [1.0, t(2.0)]}, {"a": t(1.0), "b": [1.0, t(3.0)]}, {}),
    ({"a": 1.0, "c": 1.0}, {"a": 1.0, "b": 1.0}, {}),
    ({"b": 1.0, "a": 1.0}, {"a": 1.0, "b": 1.0}, {}),
    (t(1.0), t(2.0), {"rtol": 0.1}),
    ([1.0], [1.0], {"atol": 0.1}),
    (t(1.0), t(2.0), {"msg": "not so"}),
    ([t(1.0)], [t(2.0)], {"msg": "not so"}),
]


def compared(actual, expected, options):
    try:
        assert_close(actual, expected, **options)
        error = None
    except Exception as failure:  # noqa: BLE001
        error = {"type": type(failure).__name__, "message": str(failure)}
    return {"actual": encode(actual), "expected": encode(expected), "options": options, "error": error}


DTYPES = [
    torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8,
    torch.uint8, torch.bool, torch.complex64, torch.complex128,
]  # fmt: skip
DRAWS = [
    ([3, 4], {}),
    ([5], {"low": 0, "high": 2}),
    ([2, 3], {"noncontiguous": True}),
    ([6], {"low": 0, "high": 2, "exclude_zero": True}),
    ([], {}),
]


def drawn():
    for dtype in DTYPES:
        for shape, options in DRAWS:
            torch.manual_seed(3)
            tensor = make_tensor(shape, dtype=dtype, device="cpu", **options)
            yield {"dtype": str(dtype), "shape": shape, "options": options, "result": encode(tensor)}


def limits():
    for dtype in DTYPES:
        if dtype.is_floating_point or dtype.is_complex:
            info = torch.finfo(dtype)
            names = ["bits", "eps", "max", "min", "smallest_normal", "tiny", "resolution"]
        elif dtype is not torch.bool:
            info, names = torch.iinfo(dtype), ["bits", "max", "min"]
        else:
            continue
        yield {"dtype": str(dtype), **{name: str(getattr(info, name)) for name in names}}


class Wrong(torch.autograd.Function):
    """x squared with the gradient of x to the power of three halves, or so."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, gradient):
        (x,) = ctx.saved_tensors
        return gradient * x * 1.5


def real(*shape):
    return torch.linspace(0.5, 2, math.prod(shape), dtype=torch.float64).reshape(shape).requires_grad_()


def complex_(*shape):
    return torch.complex(real(*shape).detach(), real(*shape).detach().flip(0)).requires_grad_()


# The same functions by the same names stand in the test.
CHECKS = {
    "product": (lambda x, y: x * y, lambda: [real(2, 2), real(2)]),
    "matmul-tanh": (lambda x, y: (x @ y).tanh(), lambda: [real(2, 3), real(3, 2)]),
    "two-outputs": (lambda x: (x.exp(), x.sum()), lambda: [real(3)]),
    "scalar": (lambda x: x.sin(), lambda: [real()]),
    "complex-product": (lambda x, y: x * y, lambda: [complex_(2), complex_(2)]),
    "complex-abs": (lambda x: x.abs(), lambda: [complex_(3)]),
    "detached": (lambda x: (x.detach() * 0).sum(), lambda: [real(2)]),
    "wrong": (Wrong.apply, lambda: [real(2, 2)]),
    "wrong-second": (lambda x, y: (x * y, Wrong.apply(y)), lambda: [real(2), real(2)]),
    "wrong-complex": (Wrong.apply, lambda: [complex_(2)]),
    "dependent": (lambda x: x.detach() * 2, lambda: [real(2)]),
}


def checked():
    for name, (fn, inputs) in CHECKS.items():
        for mode in ["slow", "fast", "second"]:
            torch.manual_seed(5)
            try:
                if mode == "second":
                    torch.autograd.gradgradcheck(fn, inputs())
                else:
                    torch.autograd.gradcheck(fn, inputs(), fast_mode=mode == "fast")
                error = None
            except Exception as failure:  # noqa: BLE001
                error = {"type": type(failure).__name__, "message": str(failure)}
            yield {"name": name, "mode": mode, "error": error}


def main():
    golden = {
        "torch": torch.__version__,
        "compared": [compared(*case) for case in CASES],
        "drawn": list(drawn()),
        "limits": list(limits()),
        "checked": list(checked()),
    }
    OUT.write_text(json.dumps(golden, separators=(",", ":")) + "\n")


main()
