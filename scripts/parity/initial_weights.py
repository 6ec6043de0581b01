"""Weights of models made from a configuration after a seed, and the generator's state after it."""

import torch
from transformers import RobertaConfig

from exchange import read_json
from models import CLASSES


def run(folder, results):
    for spec in read_json(folder, "initial-weights.json"):
        torch.manual_seed(spec["seed"])
        model = CLASSES[spec["class"]](RobertaConfig(**spec["config"]))
        results.add_parameters(spec["name"], model)
        results.add_rng_state(f"{spec['name']}/rng_state")
        results.facts[f"{spec['name']}/training"] = model.training
