"""Random configurations of every family and head: initial weights, then outputs, losses and gradients from a folder."""

import torch
import transformers
from safetensors.torch import load_file

from exchange import read_json

PLAIN = [
    "loss",
    "logits",
    "prediction_logits",
    "seq_relationship_logits",
    "start_logits",
    "end_logits",
    "last_hidden_state",
    "pooler_output",
]
LISTS = ["hidden_states", "attentions", "cross_attentions"]
PER_TOKEN = ["input_ids", "token_type_ids", "position_ids", "attention_mask"]


def add_outputs(results, prefix, outputs):
    for key in PLAIN:
        if outputs.get(key) is not None:
            results.add(f"{prefix}/{key}", outputs[key])
    for key in LISTS:
        for i, tensor in enumerate(outputs.get(key) or ()):
            results.add(f"{prefix}/{key}/{i}", tensor)


def add_cached(results, model, spec, inputs):
    first = spec["cached"]

    def part(start, end, cut):
        return {
            key: value[:, start:end] if key in cut else value for key, value in inputs.items() if key != "labels"
        }

    with torch.no_grad():
        past = model(**part(0, first, PER_TOKEN), use_cache=True).past_key_values
        later = part(first, None, PER_TOKEN[:3])
        add_outputs(results, f"{spec['name']}/cached", model(**later, past_key_values=past, use_cache=True))


def run(folder, results):
    all_inputs = load_file(folder / "families-inputs.safetensors")
    for spec in read_json(folder, "families.json"):
        name = spec["name"]
        cls = getattr(transformers, spec["class"])
        torch.manual_seed(spec["seed"])
        fresh = cls(getattr(transformers, spec["config_class"])(**spec["config"]))
        results.add_parameters(f"{name}/initial", fresh)
        results.add_rng_state(f"{name}/rng_state")
        inputs = {key.split("/")[1]: value for key, value in all_inputs.items() if key.startswith(f"{name}/")}
        model = cls.from_pretrained(folder / "families" / name, attn_implementation=spec["attention"])
        eager = spec["attention"] == "eager"
        outputs = model(**inputs, output_hidden_states=True, output_attentions=eager)
        add_outputs(results, name, outputs)
        loss = outputs.get("loss")
        (outputs[0].square().mean() if loss is None else loss).backward()
        results.add_parameters(f"{name}/grad", model, lambda parameter: parameter.grad)
        if spec["cached"] is not None:
            add_cached(results, model, spec, inputs)
