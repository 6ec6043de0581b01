"""Models whose number of tokens changes after a seed: weights, outputs, and the generator's state after it."""

import torch
import transformers

from exchange import read_json


def run(folder, results):
    for spec in read_json(folder, "resizing.json"):
        name = spec["name"]
        torch.manual_seed(spec["seed"])
        config = getattr(transformers, spec["config_class"])(**spec["config"])
        model = getattr(transformers, spec["class"])(config).eval().to(getattr(torch, spec["dtype"]))
        returned = model.resize_token_embeddings(spec["size"], **spec["options"])
        results.facts[f"{name}/returned"] = list(returned.weight.shape)
        results.facts[f"{name}/vocab_size"] = model.config.vocab_size
        results.facts[f"{name}/parameters"] = [
            model.num_parameters(),
            model.num_parameters(exclude_embeddings=True),
            model.get_memory_footprint(return_buffers=False),
        ]
        results.add_parameters(name, model)
        results.add_rng_state(f"{name}/rng_state")
        results.add(f"{name}/output", model(torch.tensor([[3, 7, 9, 2]]))[0])
