"""Values as JSON; tensors go to a safetensors file and stand in the JSON as references."""

import math

import torch


class Unsupported(Exception):
    """The value cannot be given from JavaScript; the message says why."""


class Encoder:
    def __init__(self):
        self.tensors = {}

    def value(self, value):
        if isinstance(value, torch.Tensor):
            return self.tensor(value)
        if value is None or isinstance(value, (bool, str)):
            return value
        if isinstance(value, int):
            return value if abs(value) < 2**53 else {"int": str(value)}
        if isinstance(value, float):
            # Marked, because 2.0 and 2 are one number in JavaScript: a failure may come from just that.
            return {"float": value if math.isfinite(value) else str(value)}
        if isinstance(value, complex):
            return {"complex": [value.real, value.imag]}
        if isinstance(value, (list, tuple)):
            return [self.value(item) for item in value]
        if isinstance(value, dict):
            return {"dict": {str(key): self.value(item) for key, item in value.items()}}
        if isinstance(value, torch.dtype):
            return {"dtype": str(value).removeprefix("torch.")}
        if value in (bool, int, float):
            return {"dtype": {bool: "bool", int: "int64", float: "float32"}[value]}
        if isinstance(value, torch.device):
            return {"device": str(value)}
        if isinstance(value, (torch.layout, torch.memory_format)):
            return str(value).removeprefix("torch.")
        if value is Ellipsis:
            return {"ellipsis": True}
        if isinstance(value, slice):
            return {"slice": [self.value(part) for part in (value.start, value.stop, value.step)]}
        raise Unsupported(f"a {type(value).__name__} argument")

    def tensor(self, tensor):
        if tensor.layout != torch.strided or tensor.is_quantized or tensor.is_nested:
            raise Unsupported(f"a tensor of layout {str(tensor.layout).removeprefix('torch.')}")
        if tensor.device.type != "cpu":
            raise Unsupported(f"a tensor on {tensor.device.type}")
        if tensor.is_conj() or tensor.is_neg():
            raise Unsupported("a tensor with a lazy conjugation")
        reference = {"tensor": str(len(self.tensors))}
        plain = tensor.detach()
        if not plain.is_contiguous():
            # The whole span of memory: replayed with the same strides, so that views behave alike.
            span = 1 + sum((size - 1) * stride for size, stride in zip(plain.shape, plain.stride())) if plain.numel() else 0
            reference |= {"shape": list(plain.shape), "strides": list(plain.stride())}
            plain = plain.as_strided((span,), (1,))
        if plain.is_complex():
            reference["complex"] = True
            plain = torch.view_as_real(plain)
        if tensor.requires_grad:
            reference["requires_grad"] = True
        self.tensors[reference["tensor"]] = plain.clone().contiguous()
        return reference
