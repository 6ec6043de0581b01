"""Writes the samples of PyTorch's operator database and what PyTorch answers.

    python main.py FOLDER [NAME ...]

One pair NNN.json and NNN.safetensors for each entry: the calls, their arguments, results, gradients, and the calls
that must fail. `index.json` lists them with the versions. Random operators run after torch.manual_seed(0) each time.
"""

import json
import platform
import sys
import warnings
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch.testing._internal.common_methods_invocations import op_db

from calls import public_name, recorded_call
from encode import Encoder, Unsupported

DTYPES = (torch.float32, torch.int64, torch.bool)
MAX_TENSOR_BYTES = 4 * 2**20


def is_differentiable(value):
    return isinstance(value, torch.Tensor) and value.requires_grad


def tensors_in(value):
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from tensors_in(item)
    elif isinstance(value, dict):
        yield from tensors_in(list(value.values()))


def cotangent(output):
    """Made alike on both sides: cosines of 0, 1, 2, …"""
    return torch.arange(output.numel(), dtype=torch.float32).cos().reshape(output.shape).to(output.dtype)


def gradients(output, inputs):
    outputs = [tensor for tensor in tensors_in(output) if tensor.requires_grad]
    wanted = [tensor for tensor in inputs if is_differentiable(tensor)]
    if not outputs or not wanted:
        return None
    return torch.autograd.grad(outputs, wanted, [cotangent(tensor) for tensor in outputs], allow_unused=True)


def refuse_shared_memory(args, kwargs):
    storages = [tensor.untyped_storage().data_ptr() for tensor in tensors_in([list(args), dict(kwargs)]) if tensor.numel()]
    if len(set(storages)) < len(storages):
        raise Unsupported("tensors that share memory")


def record(op, name, sample, encoder):
    if name is None:
        # The lambda may pick from the result: what counts is the call itself.
        function, call, args, kwargs = recorded_call(op, sample)
    else:
        function, call, args, kwargs = op, name, (sample.input, *sample.args), sample.kwargs
    arguments = (args, kwargs)
    if call == "torch.Tensor.__getitem__":
        index = args[1] if isinstance(args[1], tuple) else args[1:]
        call, args = "torch.Tensor.at", (args[0], *index)
    refuse_shared_memory(args, kwargs)
    entry = {"call": call, "args": encoder.value(list(args)), "kwargs": encoder.value(dict(kwargs))["dict"]}
    if sum(t.nbytes for t in tensors_in([list(args), dict(kwargs)])) > MAX_TENSOR_BYTES:
        raise Unsupported("tensors of more than 4 MB")
    torch.manual_seed(0)
    inputs = list(tensors_in([list(args), dict(kwargs)]))
    output = function(*arguments[0], **arguments[1])
    entry["output"] = encoder.value(output)
    if op.supports_autograd:
        found = gradients(output, inputs)
        if found is not None:
            entry["gradients"] = encoder.value(list(found))
    return entry


def record_error(name, error, encoder):
    sample = error.sample_input
    refuse_shared_memory((sample.input, *sample.args), sample.kwargs)
    return {
        "call": name,
        "args": encoder.value([sample.input, *sample.args]),
        "kwargs": encoder.value(dict(sample.kwargs))["dict"],
        "error": error.error_type.__name__ if isinstance(error.error_type, type) else "Exception",
    }


def samples_of(op, dtype):
    with_grad = op.supports_autograd and dtype in op.supported_backward_dtypes("cpu")
    torch.manual_seed(0)
    return op.sample_inputs("cpu", dtype, requires_grad=with_grad)


def record_entry(op, encoder):
    entry = {"name": op.name, "variant": op.variant_test_name, "samples": [], "excluded": {}}

    def exclude(reason):
        entry["excluded"][reason] = entry["excluded"].get(reason, 0) + 1

    try:
        name = public_name(op)
    except Unsupported as reason:
        exclude(str(reason))
        return entry
    for dtype in DTYPES:
        if dtype not in op.supported_dtypes("cpu"):
            continue
        for sample in samples_of(op, dtype):
            try:
                entry["samples"].append(record(op, name, sample, encoder) | {"dtype": str(dtype)[6:]})
            except Unsupported as reason:
                exclude(str(reason))
    if op.error_inputs_func is not None and name is not None:
        for error in op.error_inputs("cpu"):
            try:
                entry["samples"].append(record_error(name, error, encoder) | {"dtype": "error"})
            except Unsupported as reason:
                exclude(str(reason))
    return entry


def main(folder, names):
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    folder.mkdir(parents=True, exist_ok=True)
    files, failed = [], {}
    for number, op in enumerate(op_db):
        if names and op.name not in names:
            continue
        encoder = Encoder()
        try:
            entry = record_entry(op, encoder)
        except Exception as error:  # an entry that PyTorch itself cannot run here (a missing package, say)
            failed[op.formatted_name] = f"{type(error).__name__}: {error}"[:200]
            continue
        save_file(encoder.tensors, folder / f"{number:03}.safetensors", {"format": "pt"})
        (folder / f"{number:03}.json").write_text(json.dumps(entry))
        files.append(f"{number:03}")
    versions = {"torch": torch.__version__, "python": platform.python_version()}
    (folder / "index.json").write_text(json.dumps({"versions": versions, "files": files, "failed": failed}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), set(sys.argv[2:]))
