"""Outputs, losses and gradients of the models in test/fixtures, in evaluation mode."""

import json

import torch
import transformers
from safetensors import safe_open
from transformers import RobertaForMaskedLM

from models import FIXTURES

INPUTS = [
    "input_ids",
    "attention_mask",
    "token_type_ids",
    "position_ids",
    "inputs_embeds",
    "labels",
    "start_positions",
    "end_positions",
]
OUTPUTS = ["loss", "logits", "start_logits", "end_logits", "last_hidden_state", "pooler_output"]
# RoBERTa's lie in the repository, the other families' beside it.
BESIDE = FIXTURES.parents[2] / "shared" / "data" / "tiny-random"
TINY = BESIDE if BESIDE.exists() else FIXTURES / "tiny-random"


def tiny_cases(folder):
    """Name, inputs and overriding problem_type of the cases of one folder."""
    with safe_open(folder / "reference.safetensors", "pt") as file:
        for case, about in json.loads(file.metadata()["cases"]).items():
            keys = {key: f"{case}.{key}" for key in INPUTS}
            inputs = {key: file.get_tensor(full) for key, full in keys.items() if full in file.keys()}
            yield case, inputs, about.get("problem_type")


def compare(results, prefix, model, inputs):
    outputs = model(**inputs)
    for key in OUTPUTS:
        if outputs.get(key) is not None:
            results.add(f"{prefix}/{key}", outputs[key])
    model.zero_grad()
    loss = outputs.get("loss")
    # Any scalar of the outputs will do where there is no loss.
    (outputs[0].square().mean() if loss is None else loss).backward()
    results.add_parameters(f"{prefix}/grad", model, lambda parameter: parameter.grad)


def run(folder, results):
    for attention in ["sdpa", "eager"]:
        for path in sorted(TINY.glob("*/*/")):
            name = f"{path.parent.name}/{path.name}"
            cls = getattr(transformers, json.loads((path / "config.json").read_text())["architectures"][0])
            for case, inputs, problem_type in tiny_cases(path):
                model = cls.from_pretrained(path, attn_implementation=attention)
                model.config.problem_type = problem_type or model.config.problem_type
                prefix = f"{attention}/{name}/{case}"
                compare(results, prefix, model, inputs)
                results.facts[f"{prefix}/problem_type"] = model.config.problem_type
                if path.name == "model":
                    outputs = model(**inputs, output_hidden_states=True, output_attentions=True)
                    results.add(f"{prefix}/hidden_states", torch.stack(outputs.hidden_states))
                    results.add(f"{prefix}/attentions", torch.stack(outputs.attentions))
        for chain in ["vh", "vl"]:
            path = FIXTURES / "sapiens" / chain
            batch = json.loads((path / "reference.json").read_text())["batch"]
            inputs = {key: torch.tensor(batch[key]) for key in ["input_ids", "attention_mask", "labels"]}
            model = RobertaForMaskedLM.from_pretrained(path, attn_implementation=attention)
            compare(results, f"{attention}/sapiens-{chain}", model, inputs)
