"""Golden vocabularies of WordPiece training.

  python scripts/golden/word_piece_training.py FOLDER

Trains on the texts of FOLDER/golden.json.gz and writes FOLDER/word-piece.json.gz: what BertWordPieceTokenizer gives, and
train_new_from_iterator of FOLDER/bert. Every run gives another one, since the library numbers the characters inside of
words in the order of a hash table; with that order the rest is determined.
"""

import gzip
import json
import sys
from pathlib import Path

from tokenizers import BertWordPieceTokenizer
from transformers import BertTokenizerFast


def in_order(vocabulary):
    return sorted(vocabulary, key=vocabulary.get)


def main(folder):
    root = Path(folder)
    texts = json.loads(gzip.decompress((root / "golden.json.gz").read_bytes()))["texts"]
    scratch = []
    for vocab_size, min_frequency, limit in [(12_000, 2, 100_000), (1500, 3, 30)]:
        trained = BertWordPieceTokenizer()
        trained.train_from_iterator(texts, vocab_size=vocab_size, min_frequency=min_frequency, limit_alphabet=limit, show_progress=False)
        scratch.append({"vocab_size": vocab_size, "min_frequency": min_frequency, "limit_alphabet": limit, "tokens": in_order(trained.get_vocab())})
    again = BertTokenizerFast.from_pretrained(root / "bert", do_lower_case=False).train_new_from_iterator(
        [texts], 11_000, new_special_tokens=["[E1]"], special_tokens_map={"[MASK]": "[BLANK]"}, show_progress=False
    )
    golden = {
        "scratch": scratch,
        "new": {
            "tokens": in_order(again.get_vocab()),
            "special_tokens_map": again.special_tokens_map,
            "text": "The [E1] quick [BLANK] Fox",
            "ids": again("The [E1] quick [BLANK] Fox", "a pair")["input_ids"],
        },
    }
    (root / "word-piece.json.gz").write_bytes(gzip.compress(json.dumps(golden).encode(), mtime=0))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
