"""Every optimizer of torch.optim on small problems, and states taken over in both directions."""

import json
import sys
from pathlib import Path

from safetensors import safe_open

ROOT = Path(__file__).parents[2]
# Behind this folder, which has modules of the same names.
sys.path.append(str(ROOT / "scripts" / "golden"))
import optim  # noqa: E402


def read(path):
    with safe_open(path, "pt") as file:
        # Copies: the bits of a dot product depend on how its operands are aligned, and in the file they are not.
        return {key: file.get_tensor(key).clone() for key in file.keys()}, file.metadata()  # noqa: SIM118


def with_tensors(value, tensors):
    if isinstance(value, list):
        return [with_tensors(item, tensors) for item in value]
    if not isinstance(value, dict):
        return value
    if "tensor" in value:
        return tensors[value["tensor"]]
    # Keys of parameters are numbers, which JSON does not have.
    return {int(key) if key.isdigit() else key: with_tensors(item, tensors) for key, item in value.items()}


def run(folder, results):
    data, _ = read(ROOT / "test" / "fixtures" / "optim" / "optimizers.safetensors")
    start = [data[f"in/start/{i}"] for i in range(len(optim.SHAPES))]
    for path in sorted((folder / "optimizers").glob("*.safetensors")):
        theirs, metadata = read(path)
        spec = json.loads(metadata["case"])
        key, half, steps = spec["key"], spec["half"], spec["steps"]

        params, optimizer = optim.make_optimizer(spec["class"], spec["options"], start)
        optim.advance(spec, data, params, optimizer, 0, half)
        saved = {}
        results.facts[f"{key}/state"] = optim.tree(optimizer.state_dict(), f"{key}/state", saved)
        for i, param in enumerate(params):
            saved[f"{key}/half/{i}"] = param
        for name, tensor in saved.items():
            results.add_input(name, tensor)
        optim.advance(spec, data, params, optimizer, half, steps)

        taken, optimizer = optim.make_optimizer(
            spec["class"], spec["options"], [theirs[f"params/{i}"] for i in range(len(start))]
        )
        optimizer.load_state_dict(with_tensors(spec["state_dict"], theirs))
        optim.advance(spec, data, taken, optimizer, half, steps)
        for i in range(len(start)):
            results.add(f"{key}/whole/{i}", params[i])
            results.add(f"{key}/taken/{i}", taken[i])
