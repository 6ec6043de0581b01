"""What Python's fast tokenizers answer after tokens were added, after training anew, and to the methods around rows.

  python scripts/golden/tokenizer_additions.py FOLDER

FOLDER is test/fixtures/tokenizer; writes FOLDER/additions.json. Needs transformers 4.57, sentencepiece and protobuf.
"""

import gzip
import json
import sys
from pathlib import Path

import transformers
from tokenizers import AddedToken
from transformers import BertTokenizerFast, CamembertTokenizerFast, RobertaTokenizerFast, XLMRobertaTokenizerFast

FAMILIES = [
    ("roberta", RobertaTokenizerFast, "small"),
    ("bert", BertTokenizerFast, "bert"),
    ("xlm-roberta", XLMRobertaTokenizerFast, "unigram"),
    ("camembert", CamembertTokenizerFast, "unigram"),
]
# The methods with their arguments, in order; tokens with flags are objects.
CALLS = [
    ("add_tokens", "Hamlet", {}),
    ("add_tokens", ["Hamlet", "<new>", "king"], {}),
    ("add_tokens", [], {}),
    ("add_tokens", ["[E1]", "<mask>"], {"special_tokens": True}),
    ("add_tokens", [{"content": "wordy", "single_word": True, "lstrip": True, "rstrip": False, "normalized": False, "special": False}], {}),
    ("add_special_tokens", {"additional_special_tokens": ["<a>", "<b>"]}, {}),
    ("add_special_tokens", {"additional_special_tokens": ["<b>", "<c>"]}, {"replace_additional_special_tokens": False}),
    ("add_special_tokens", {"pad_token": "<new>", "additional_special_tokens": ["<d>"]}, {}),
    ("add_special_tokens", {"bos_token": "<bos>"}, {}),
]  # fmt: skip
TEXTS = ["HAMLET and Hamlet's <new>king kings", "a [E1] b[E1]c wordy unwordy", "<a><b> <c>x<d> <bos> <pad>", "<mask> king"]
ROWS = [([5, 6, 7], None), ([5, 6], [7, 8, 9]), ([], [4])]
PADS = [
    ({}, "batch"),
    ({"padding": "max_length", "max_length": 9}, "batch"),
    ({"pad_to_multiple_of": 4, "padding_side": "left"}, "batch"),
    ({"padding": False}, "batch"),
    ({"return_attention_mask": False}, "rows"),
    ({"padding": "max_length", "max_length": 3}, "rows"),
    ({"pad_to_multiple_of": 8}, "single"),
]
BATCH = {
    "input_ids": [[5, 6, 7, 8, 9], [5], [6, 7]],
    "token_type_ids": [[0, 0, 1, 1, 1], [0], [0, 1]],
    "special_tokens_mask": [[1, 0, 0, 0, 1], [1], [0, 0]],
    "labels": [0, 1, 1],
}


def token(value):
    return AddedToken(**value) if isinstance(value, dict) and "content" in value else value


def added(tokenizer):
    flags = ("content", "single_word", "lstrip", "rstrip", "normalized", "special")
    return {id: {flag: getattr(token, flag) for flag in flags} for id, token in tokenizer.added_tokens_decoder.items()}


def pad(tokenizer, options, kind):
    rows = [{name: values[i] for name, values in BATCH.items()} for i in range(3)]
    given = {"batch": BATCH, "rows": rows, "single": rows[0]}[kind]
    return {"options": options, "given": given, "padded": dict(tokenizer.pad(given, **options))}


def family(load_class, folder):
    tokenizer = load_class.from_pretrained(folder, model_max_length=64)
    result = {
        "limits": [tokenizer.max_len_single_sentence, tokenizer.max_len_sentences_pair],
        "rows": [
            [
                a,
                b,
                tokenizer.build_inputs_with_special_tokens(a, b),
                tokenizer.create_token_type_ids_from_sequences(a, b),
                tokenizer.get_special_tokens_mask(
                    tokenizer.build_inputs_with_special_tokens(a, b), already_has_special_tokens=True
                ),
            ]
            for a, b in ROWS
        ],
        "pads": [pad(tokenizer, options, kind) for options, kind in PADS],
        "calls": [],
    }
    for method, argument, options in CALLS:
        given = [token(value) for value in argument] if isinstance(argument, list) else argument
        count = getattr(tokenizer, method)(given, **options)
        encoded = tokenizer(TEXTS, return_offsets_mapping=True)
        result["calls"].append(
            {
                "method": method,
                "argument": argument,
                "options": options,
                "count": count,
                "size": len(tokenizer),
                "added": added(tokenizer),
                "special_tokens_map": tokenizer.special_tokens_map,
                "ids": encoded["input_ids"],
                "offsets": encoded["offset_mapping"],
                "decoded": tokenizer.batch_decode(encoded["input_ids"], skip_special_tokens=True),
            }
        )
    return result


TRAININGS = [
    ({}, 700, {}),
    ({"add_prefix_space": True}, 700, {"new_special_tokens": ["<user>"]}),
    ({"additional_special_tokens": ["<x>"]}, 500, {"special_tokens_map": {"<mask>": "[MASK]", "<s>": "[CLS]"}, "min_frequency": 3}),
]  # fmt: skip
TRAINED_TEXTS = 600


def trained(folder, texts):
    for load, size, options in TRAININGS:
        tokenizer = RobertaTokenizerFast.from_pretrained(folder, **load)
        new = tokenizer.train_new_from_iterator(texts, size, show_progress=False, **options)
        vocab = new.get_vocab()
        yield {
            "load": load,
            "vocab_size": size,
            "options": options,
            "tokens": sorted(vocab, key=vocab.get),
            "special_tokens_map": new.special_tokens_map,
            "added": added(new),
            "ids": new(TEXTS + ["a <mask> <user>", "[MASK] the <x> king"])["input_ids"],
        }


def main(folder):
    root = Path(folder)
    corpus = json.loads(gzip.decompress((root / "golden.json.gz").read_bytes()))["texts"][:TRAINED_TEXTS]
    families = {name: family(load_class, root / source) for name, load_class, source in FAMILIES}
    golden = {"versions": {"transformers": transformers.__version__}, "texts": TEXTS, "families": families, "trained": list(trained(root / "small", corpus))}
    (root / "additions.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    transformers.logging.set_verbosity_error()
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
