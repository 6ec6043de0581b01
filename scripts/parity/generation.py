"""Tokens, scores and the generator's state after `generate`, by case of generation.json."""

import torch
import transformers

from exchange import read_json
from transformers import DynamicCache, EncoderDecoderCache


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
        cross_cached = options.get("use_cache") is True and "encoder_hidden_states" in spec["drawn"]
        if cross_cached:
            # Else generate makes a cache for the decoder alone, in which the encoder's keys join the decoder's.
            caches = [DynamicCache(config=model.config) for _ in range(2)]
            options["past_key_values"] = EncoderDecoderCache(*caches)
        output = model.generate(**options, return_dict_in_generate=True, output_scores=True)
        results.add(f"{name}/sequences", output.sequences)
        results.add(f"{name}/scores", torch.stack(output.scores))
        results.add_rng_state(f"{name}/rng_state")
        if cross_cached:
            cache = output.past_key_values
            layers = zip(cache.self_attention_cache.layers, cache.cross_attention_cache.layers)
            for i, (own, cross) in enumerate(layers):
                for j, tensor in enumerate([own.keys, own.values, cross.keys, cross.values]):
                    results.add(f"{name}/cache/{i}/{j}", tensor)
