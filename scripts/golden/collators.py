"""Golden batches of Transformers' data collators.

  python scripts/golden/collators.py   writes test/fixtures/collators/golden.json

With the tokenizer of test/fixtures/tokenizer/small. Needs transformers 4.57.6 and torch 2.13.0.
"""

import json
import warnings
from pathlib import Path

import torch
from transformers import (
    AutoTokenizer,
    DataCollatorForLanguageModeling,
    DataCollatorForMultipleChoice,
    DataCollatorForTokenClassification,
    DataCollatorWithPadding,
    default_data_collator,
)

ROOT = Path(__file__).parents[2] / "test" / "fixtures"
FILE = ROOT / "collators" / "golden.json"
TEXTS = ["Hello world, this is a longer text about nothing.", "Short one", "Two  words (and more) of unbelievable length!"]

warnings.simplefilter("ignore")
tokenizer = AutoTokenizer.from_pretrained(ROOT / "tokenizer" / "small")
left = AutoTokenizer.from_pretrained(ROOT / "tokenizer" / "small", padding_side="left")


def rows(**options):
    encoded = tokenizer(TEXTS, **options)
    return [{name: values[i] for name, values in encoded.items()} for i in range(len(TEXTS))]


def plain(batch):
    return {name: {"dtype": str(value.dtype), "values": value.tolist()} for name, value in batch.items()}


def cases():
    plain_rows = rows()
    labelled = [{**row, "label": i} for i, row in enumerate(plain_rows)]
    scored = [{**row, "label": i + 0.5} for i, row in enumerate(plain_rows)]
    tagged = [{**row, "labels": [-100, *range(len(row["input_ids"]) - 2), -100]} for row in plain_rows]
    equal = [{"input_ids": [1, 2], "score": 0.5, "flag": True, "text": "x", "label": i} for i in range(2)]
    ids = [{"input_ids": [i, 5], "label_ids": [1.5, i + 0.5]} for i in range(2)]
    choices = [
        {**{name: [values, values[: 3 + i]] for name, values in plain_rows[i].items()}, "label": i} for i in range(2)
    ]
    yield "default_data_collator", {}, equal, default_data_collator
    yield "default_data_collator", {}, ids, default_data_collator
    for options in ({}, {"pad_to_multiple_of": 8}, {"padding": "max_length", "max_length": 40}):
        yield "DataCollatorWithPadding", options, labelled, DataCollatorWithPadding(tokenizer, **options)
    yield "DataCollatorWithPadding", {}, scored, DataCollatorWithPadding(tokenizer)
    for options in ({}, {"pad_to_multiple_of": 8, "label_pad_token_id": -7}):
        yield "DataCollatorForTokenClassification", options, tagged, DataCollatorForTokenClassification(tokenizer, **options)
    yield "DataCollatorForTokenClassification", {"side": "left"}, tagged, DataCollatorForTokenClassification(left)
    yield "DataCollatorForMultipleChoice", {}, choices, DataCollatorForMultipleChoice(tokenizer)
    special = rows(return_special_tokens_mask=True)
    for options in ({"seed": 42}, {"seed": 7, "mlm_probability": 0.5}, {"mlm": False}, {"seed": 3, "pad_to_multiple_of": 8},
                    {"seed": 1, "mlm_probability": 0.9, "mask_replace_prob": 0.3, "random_replace_prob": 0.6},
                    {"seed": 1, "mlm_probability": 0.6, "mask_replace_prob": 1.0, "random_replace_prob": 0.0}):
        yield "DataCollatorForLanguageModeling", options, special, DataCollatorForLanguageModeling(tokenizer, **options)
    yield "DataCollatorForLanguageModeling", {"seed": 5}, plain_rows, DataCollatorForLanguageModeling(tokenizer, seed=5)
    ids_only = [row["input_ids"] for row in plain_rows]
    yield "DataCollatorForLanguageModeling", {"seed": 5}, ids_only, DataCollatorForLanguageModeling(tokenizer, seed=5)
    # Python's collator does not pad offsets: rows of one length. It crashes where it means to warn: the mask always.
    whole = rows(padding=True, return_special_tokens_mask=True, return_offsets_mapping=True)
    for seed in (1, 2, 3):
        options = {"seed": seed, "whole_word_mask": True, "mlm_probability": 0.4, "mask_replace_prob": 1.0,
                   "random_replace_prob": 0.0}
        yield "DataCollatorForLanguageModeling", options, whole, DataCollatorForLanguageModeling(tokenizer, **options)


def copied(examples):
    return json.loads(json.dumps(examples))


golden = [
    # Twice: the generator goes on.
    {"collator": name, "options": options, "examples": copied(examples),
     "batches": [plain(collate(copied(examples))) for _ in range(2)]}
    for name, options, examples, collate in cases()
]
torch.manual_seed(11)
collate = DataCollatorForLanguageModeling(tokenizer)
examples = rows()
golden.append({"collator": "DataCollatorForLanguageModeling", "options": {}, "manual_seed": 11,
               "examples": copied(examples), "batches": [plain(collate(copied(examples))) for _ in range(2)]})
FILE.parent.mkdir(parents=True, exist_ok=True)
FILE.write_text(json.dumps(golden))
