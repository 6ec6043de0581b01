"""Results of a parity check: named tensors and facts, written where the other side reads them."""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file


class Results:
    def __init__(self):
        self.tensors = {}
        self.facts = {}

    def add(self, name, tensor):
        # A copy: training goes on writing into parameters, and safetensors refuses shared memory.
        self.tensors[name] = tensor.detach().clone().contiguous()

    def add_parameters(self, prefix, model, of=lambda parameter: parameter):
        for name, parameter in model.named_parameters():
            tensor = of(parameter)
            if tensor is not None:
                self.add(f"{prefix}/{name}", tensor)

    def add_input(self, name, tensor):
        self.add(f"in/{name}", tensor)

    def add_rng_state(self, name):
        self.add(name, torch.get_rng_state())

    def write(self, folder: Path, check: str):
        save_file(self.tensors, folder / f"{check}.safetensors", {"facts": json.dumps(self.facts)})


def read_json(folder: Path, name: str):
    return json.loads((folder / name).read_text())
