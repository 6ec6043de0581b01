"""Tokens that Transformers generates with the tiny models, for test/native/transformers/generation.

  python scripts/golden/generation.py TINY_RANDOM OUT.json

TINY_RANDOM holds FAMILY/causal-lm folders. A case is a seed and the arguments of `generate`; tensors are lists. `draws`
tells a machine that draws otherwise: exponential_, on which multinomial stands, comes from MKL on Intel's CPUs.
"""

import json
import sys
from pathlib import Path

import torch
import transformers

TENSORS = ["input_ids", "attention_mask", "token_type_ids"]
# Ids 0 to 6 are special somewhere, 7 to 199 are not.
PROMPTS = [[23, 150, 31, 77, 9], [64, 12, 198], [7, 101, 44, 180]]


def left_padded(pad):
    width = max(map(len, PROMPTS))
    return {
        "input_ids": [[pad] * (width - len(ids)) + ids for ids in PROMPTS],
        "attention_mask": [[0] * (width - len(ids)) + [1] * len(ids) for ids in PROMPTS],
    }


def cases(config):
    one = {"input_ids": PROMPTS[:1]}
    batch = left_padded(config.pad_token_id)
    without_mask = {"input_ids": batch["input_ids"]}
    sample = {**batch, "do_sample": True, "max_new_tokens": 8}
    # Of the tokens that greedy search makes, so that ends and bans happen.
    ids = torch.tensor(PROMPTS[:1])
    made = MODEL.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=8, eos_token_id=None)[0, 5:].tolist()
    found = {
        "greedy": {**one, "max_new_tokens": 8},
        "no cache": {**one, "max_new_tokens": 8, "use_cache": False},
        "left padding": {**batch, "max_new_tokens": 8},
        "left padding, no cache": {**batch, "max_new_tokens": 8, "use_cache": False},
        "padding told by its id": {**without_mask, "max_new_tokens": 4},
        "default length": one,
        "max_length": {**one, "max_length": 9},
        "from the start token": {"max_new_tokens": 5, "bos_token_id": 11},
        "an end": {**batch, "max_new_tokens": 8, "eos_token_id": made[3]},
        "several ends": {**batch, "max_new_tokens": 8, "eos_token_id": [made[5], made[3], 40]},
        "no padding id": {**batch, "max_new_tokens": 8, "eos_token_id": made[3], "pad_token_id": None},
        "min_length": {**one, "max_new_tokens": 8, "eos_token_id": made[1], "min_length": 9},
        "min_new_tokens": {**one, "max_new_tokens": 8, "eos_token_id": made[1], "min_new_tokens": 5},
        "repetition_penalty": {**batch, "max_new_tokens": 8, "repetition_penalty": 1.7},
        "no_repeat_ngram_size": {**batch, "max_new_tokens": 20, "no_repeat_ngram_size": 2},
        "no_repeat_ngram_size 1": {**one, "max_new_tokens": 6, "no_repeat_ngram_size": 1},
        "bad_words_ids": {
            **batch,
            "max_new_tokens": 8,
            "bad_words_ids": [[made[0]], [made[1], made[2]], [77, 9, made[3]]],
        },
        "sequence_bias": {**batch, "max_new_tokens": 8, "sequence_bias": [[[33], 4.5], [[33, 34], 20.5]]},
        "forced ends": {**one, "max_new_tokens": 4, "forced_eos_token_id": [50, 51]},
        "exponential_decay_length_penalty": {
            **batch,
            "max_new_tokens": 12,
            "eos_token_id": 90,
            "exponential_decay_length_penalty": [2, 1.6],
        },
        "suppress_tokens": {
            **one,
            "max_new_tokens": 6,
            "suppress_tokens": made[1:3],
            "begin_suppress_tokens": made[:1],
        },
        "sampling": sample,
        "sampling, no cache": {**sample, "use_cache": False},
        "temperature": {**sample, "temperature": 0.7},
        "top_k": {**sample, "temperature": 1.5, "top_k": 5},
        "top_p": {**sample, "top_k": 0, "top_p": 0.8},
        "min_p": {**sample, "top_k": None, "min_p": 0.05},
        "typical_p": {**sample, "typical_p": 0.6},
        "epsilon_cutoff": {**sample, "top_k": 0, "epsilon_cutoff": 0.02},
        "eta_cutoff": {**sample, "top_k": 0, "eta_cutoff": 0.03},
        "all together": {
            **sample,
            "temperature": 1.3,
            "top_k": 60,
            "top_p": 0.95,
            "min_p": 0.01,
            "repetition_penalty": 1.2,
            "no_repeat_ngram_size": 3,
            "min_new_tokens": 4,
            "eos_token_id": [90, 91, 92, 93],
            "renormalize_logits": True,
        },
        "num_return_sequences": {**sample, "num_return_sequences": 3},
    }
    if config.type_vocab_size > 1:
        types = [[0, 0, 1, 1, 1]]
        found["token_type_ids"] = {**one, "token_type_ids": types, "max_new_tokens": 6}
    return found


transformers.utils.logging.set_verbosity_error()
torch.set_num_threads(1)
results = []
for folder in sorted(Path(sys.argv[1]).glob("*/causal-lm")):
    cls = getattr(transformers, json.loads((folder / "config.json").read_text())["architectures"][0])
    MODEL = cls.from_pretrained(folder)
    for seed, (name, options) in enumerate(cases(MODEL.config).items()):
        given = {key: torch.tensor(value) if key in TENSORS else value for key, value in options.items()}
        torch.manual_seed(seed)
        sequences = MODEL.generate(**given).tolist()
        case = {"model": f"{folder.parent.name}/causal-lm", "name": name, "seed": seed, "options": options}
        results.append({**case, "sequences": sequences})
torch.manual_seed(0)
draws = torch.empty(40).exponential_().tolist()
lines = ",\n".join(json.dumps(result, separators=(",", ":")) for result in results)
Path(sys.argv[2]).write_text(f'{{"draws":{json.dumps(draws)},"cases":[\n{lines}\n]}}\n')
