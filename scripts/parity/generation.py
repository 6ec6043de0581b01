"""Tokens, scores and the generator's state after `generate`, by case of generation.json."""

import torch
import transformers

from exchange import read_json


def run(folder, results):
    for spec in read_json(folder, "generation.json"):
        name = spec["name"]
        cls = getattr(transformers, spec["class"])
        model = cls.from_pretrained(spec["folder"])
        options = {
            key: torch.tensor(value) if key in spec["tensors"] else value for key, value in spec["options"].items()
        }
        torch.manual_seed(spec["seed"])
        for key, shape in spec["drawn"].items():
            options[key] = torch.randn(shape)
        output = model.generate(**options, return_dict_in_generate=True, output_scores=True)
        results.add(f"{name}/sequences", output.sequences)
        results.add(f"{name}/scores", torch.stack(output.scores))
        results.add_rng_state(f"{name}/rng_state")
