"""Checkpoints in every form, saved by one side and opened by the other."""

import torch
from transformers import AutoModelForMaskedLM, RobertaConfig, RobertaForMaskedLM

from exchange import read_json


def saved_here(folder, results, spec):
    for form in spec["forms"]:
        model, info = AutoModelForMaskedLM.from_pretrained(
            folder / "checkpoints-ours" / form["name"], output_loading_info=True, use_safetensors=form["safetensors"]
        )
        prefix = f"saved here/{form['name']}"
        results.facts[f"{prefix}/report"] = {kind: sorted(keys) for kind, keys in info.items()}
        results.add_parameters(prefix, model)


def saved_by_python(folder, results, spec):
    torch.manual_seed(spec["seed"])
    model = RobertaForMaskedLM(RobertaConfig(**spec["config"]))
    for form in spec["forms"]:
        target = folder / "checkpoints-python" / form["name"]
        model.save_pretrained(target, max_shard_size=form["size"], safe_serialization=form["safetensors"])
        if form["legacy"]:
            torch.save(model.state_dict(), target / "pytorch_model.bin", _use_new_zipfile_serialization=False)
        results.add_parameters(f"saved by Python/{form['name']}", model)


def values(folder, results):
    loaded = torch.load(folder / "checkpoints-values.pt", weights_only=True)
    mapped = torch.load(folder / "checkpoints-values.pt", weights_only=True, mmap=True)
    for name, tensor in loaded["tensors"].items():
        results.add(f"values/{name}", tensor)
        results.add(f"values, mapped/{name}", mapped["tensors"][name])
        results.facts[f"values/{name}"] = {
            "stride": list(tensor.stride()),
            "offset": tensor.storage_offset(),
            "requires_grad": tensor.requires_grad,
            "parameter": isinstance(tensor, torch.nn.Parameter),
        }
    storages = {tensor.untyped_storage().data_ptr() for tensor in loaded["tensors"].values()}
    results.facts["values/storages"] = len(storages)
    plain = loaded["plain"]
    results.facts["values/plain"] = {
        "types": {name: type(value).__name__ for name, value in plain.items()},
        "text": plain["text"],
        "list": plain["list"],
        "big": str(plain["big"]),
        "bytes": list(plain["bytes"]),
        "set": sorted(plain["set"]),
        "keys": [str(key) for key in plain["map"]],
        "dtype": str(plain["dtype"]),
        "device": str(plain["device"]),
        "shared": plain["list"] is plain["again"],
    }


def run(folder, results):
    spec = read_json(folder, "checkpoints.json")
    saved_here(folder, results, spec)
    saved_by_python(folder, results, spec)
    values(folder, results)
