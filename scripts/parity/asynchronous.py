"""What the asynchronous calls of the other side must give: training steps with dropout, one seed each."""

import torch

from exchange import read_json
from training import make_batches
from transformers import RobertaConfig, RobertaForMaskedLM


def run(folder, results):
    spec = read_json(folder, "asynchronous.json")
    batches = make_batches(spec)
    for key, tensor in batches.items():
        results.add_input(key, tensor)
    torch.manual_seed(spec["seed"])
    model = RobertaForMaskedLM(RobertaConfig(**spec["config"])).train()
    for way in ["synchronous", "asynchronous"]:
        for step in range(spec["steps"]):
            torch.manual_seed(step)
            model.zero_grad()
            loss = model(**{key: tensor[step] for key, tensor in batches.items()}).loss
            loss.backward()
            results.add(f"{way}/{step}/loss", loss)
            results.add_parameters(f"{way}/{step}/grad", model, lambda parameter: parameter.grad)
            results.add_rng_state(f"{way}/{step}/rng_state")
