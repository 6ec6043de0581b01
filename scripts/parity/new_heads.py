"""Checkpoints of one head opened by the class of another: weights that are new are drawn, after a seed."""

import torch

from exchange import read_json
from models import CLASSES, FIXTURES


def run(folder, results):
    for spec in read_json(folder, "new-heads.json"):
        name = spec["name"]
        torch.manual_seed(spec["seed"])
        model, info = CLASSES[spec["class"]].from_pretrained(
            FIXTURES / spec["checkpoint"], output_loading_info=True, **spec["options"]
        )
        results.add_parameters(name, model)
        results.add_rng_state(f"{name}/rng_state")
        # Keys that Python reports although tying fills them are no parameters of ours.
        own = {key for key, _ in model.named_parameters()}
        results.facts[f"{name}/missing"] = sorted(own & set(info["missing_keys"]))
        results.facts[f"{name}/unexpected"] = sorted(info["unexpected_keys"])
        results.facts[f"{name}/mismatched"] = sorted(info["mismatched_keys"])
        results.facts[f"{name}/training"] = model.training
        results.facts[f"{name}/num_labels"] = model.config.num_labels
