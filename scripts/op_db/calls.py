"""Which public call an entry of the operator database stands for."""

import types

import torch
from torch.overrides import TorchFunctionMode, resolve_name

from encode import Unsupported

_namespaces = {
    "torch": torch,
    "torch.nn.functional": torch.nn.functional,
    "torch.linalg": torch.linalg,
    "torch.special": torch.special,
    "torch.fft": torch.fft,
    "torch.Tensor": torch.Tensor,
    "torch.ops.aten": torch.ops.aten,
}
_own_python = ("torch.masked", "torch.signal", "torch.cuda.jiterator", "torch._sparse", "torch.sparse")


class _Recorder(TorchFunctionMode):
    """Keeps the outermost public calls that a lambda makes."""

    def __init__(self):
        super().__init__()
        self.calls = []

    def __torch_function__(self, function, types, args=(), kwargs=None):
        self.calls.append((function, args, kwargs or {}))
        return function(*args, **(kwargs or {}))


def public_name(op):
    """Its dotted public name, or None for a lambda or a wrapper."""
    module = getattr(op.op, "__module__", None) or ""
    if module.startswith(_own_python):
        raise Unsupported(f"{module.split('.definitions')[0]} is Python code of its own")
    name = op.name
    if name.startswith("__") and name != "__getitem__":
        raise Unsupported("Python's operator syntax")
    if name.startswith("_") and hasattr(torch, name):
        # JavaScript reaches what Python marks as private by its operator only.
        return f"torch.ops.aten.{name if hasattr(torch.ops.aten, name) else name[1:]}"
    if name.endswith("_backward") and getattr(torch, name, None) is op.op:
        return f"torch.ops.aten.{name}"
    for prefix, namespace in _namespaces.items():
        short = name.removeprefix(prefix.removeprefix("torch").removeprefix(".") + ".") if prefix != "torch" else name
        if isinstance(namespace, (types.ModuleType, type)) and "." not in short:
            if getattr(namespace, short, None) is op.op:
                return f"{prefix}.{short}"
    if isinstance(op.op, torch._ops.OpOverloadPacket):
        return f"torch.ops.{op.op._qualified_op_name.replace('::', '.')}"
    if isinstance(op.op, torch._ops.OpOverload):
        return f"torch.ops.{op.op.name().replace('::', '.')}"
    return None


def recorded_call(op, sample):
    """The single public call behind a lambda, with its arguments."""
    recorder = _Recorder()
    with recorder:
        op(sample.input, *sample.args, **sample.kwargs)
    if len(recorder.calls) != 1:
        raise Unsupported("a wrapper of the database around several calls")
    function, args, kwargs = recorder.calls[0]
    name = resolve_name(function)
    if name is None:
        raise Unsupported("a wrapper of the database around a function without a public name")
    for internal, public in (("torch._C._nn.", "torch.nn.functional."), ("torch.functional.", "torch.")):
        name = name.replace(internal, public)
    return function, name, args, kwargs
