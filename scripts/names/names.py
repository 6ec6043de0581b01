"""Writes PyTorch's public names, by namespace, to the file given.

A namespace's names are those of its `__all__`; without one, those that PyTorch's own code defines. Modules are left
out: each that matters is a namespace of its own.
"""

import importlib
import inspect
import json
import sys
import types
from pathlib import Path

import torch

NAMESPACES = (
    "torch",
    "torch.Tensor",
    "torch.nn",
    "torch.nn.functional",
    "torch.nn.init",
    "torch.nn.utils",
    "torch.nn.utils.parametrizations",
    "torch.nn.utils.parametrize",
    "torch.nn.utils.prune",
    "torch.nn.utils.rnn",
    "torch.linalg",
    "torch.special",
    "torch.fft",
    "torch.autograd",
    "torch.optim",
    "torch.optim.lr_scheduler",
    "torch.optim.swa_utils",
    "torch.utils.checkpoint",
    "torch.utils.data",
    "torch.testing",
    "torch.random",
    "torch.cuda",
)


CONSTANTS = (torch.dtype, torch.layout, torch.memory_format, torch.qscheme, types.BuiltinFunctionType)


def is_public(namespace, name, exported):
    value = getattr(namespace, name)
    if name.startswith("_") or inspect.ismodule(value) or value is torch.Tensor and namespace is not torch:
        return False
    if name in exported:
        return True
    if exported and namespace is not torch:
        return False
    # What a module imports for its own use comes from elsewhere; a class defines or inherits all that it has.
    origin = getattr(value, "__module__", None) or ""
    return inspect.isclass(namespace) or origin.startswith("torch") or isinstance(value, CONSTANTS)


def names_of(path):
    namespace = torch.Tensor if path == "torch.Tensor" else importlib.import_module(path)
    exported = set(getattr(namespace, "__all__", ()))
    return sorted(name for name in exported | set(dir(namespace)) if is_public(namespace, name, exported))


if __name__ == "__main__":
    table = {path: names_of(path) for path in NAMESPACES}
    version = torch.__version__.partition("+")[0]
    Path(sys.argv[1]).write_text(json.dumps({"version": version, "namespaces": table}, indent=1) + "\n")
