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


def scalar_of(outputs):
    loss = outputs.get("loss")
    return outputs[0].square().mean() if loss is None else loss


def uncached(inputs, spec):
    return {**inputs, "use_cache": False} if spec["config"]["is_decoder"] else inputs


def add_trained(results, model, spec, inputs):
    model.train()
    for kind in ["kept", "recomputed"]:
        if kind == "recomputed":
            model.gradient_checkpointing_enable(spec["checkpointing"])
        model.zero_grad()
        torch.manual_seed(spec["seed"])
        outputs = model(**uncached(inputs, spec))
        prefix = f"{spec['name']}/{kind}"
        add_outputs(results, prefix, outputs)
        scalar_of(outputs).backward()
        results.add_rng_state(f"{prefix}/rng_state")
        results.add_parameters(f"{prefix}/grad", model, lambda parameter: parameter.grad)
    model.gradient_checkpointing_disable()
    model.eval()


def with_whole_numbers(heads):
    return {int(layer): of_layer for layer, of_layer in heads.items()}


def add_pruned(results, model, spec, inputs):
    name = f"{spec['name']}/pruned"
    torch.manual_seed(spec["seed"])
    with torch.no_grad():
        model.prune_heads(with_whole_numbers(spec["pruned"]))
        results.add_rng_state(f"{name}/rng_state")
        pruned = sorted(model.config.pruned_heads.items())
        results.facts[name] = {layer: sorted(heads) for layer, heads in pruned}
        results.add_parameters(f"{name}/weights", model)
        inputs = {key: value for key, value in inputs.items() if key != "head_mask"}
        add_outputs(results, name, model(**uncached(inputs, spec)))


def run(folder, results):
    all_inputs = load_file(folder / "families-inputs.safetensors")
    for spec in read_json(folder, "families.json"):
        name = spec["name"]
        cls = getattr(transformers, spec["class"])
        torch.manual_seed(spec["seed"])
        config = {**spec["config"], "pruned_heads": with_whole_numbers(spec["config"]["pruned_heads"])}
        fresh = cls(getattr(transformers, spec["config_class"])(**config))
        results.add_parameters(f"{name}/initial", fresh)
        results.add_rng_state(f"{name}/rng_state")
        inputs = {key.split("/")[1]: value for key, value in all_inputs.items() if key.startswith(f"{name}/")}
        model = cls.from_pretrained(folder / "families" / name, attn_implementation=spec["attention"])
        eager = spec["attention"] == "eager"
        outputs = model(**inputs, output_hidden_states=True, output_attentions=eager)
        add_outputs(results, name, outputs)
        scalar_of(outputs).backward()
        results.add_parameters(f"{name}/grad", model, lambda parameter: parameter.grad)
        if spec["cached"] is not None:
            add_cached(results, model, spec, inputs)
        if spec["checkpointing"] is not None:
            add_trained(results, model, spec, inputs)
        if spec["pruned"] is not None:
            add_pruned(results, model, spec, inputs)
