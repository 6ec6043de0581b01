"""Golden encodings of tokenizers that Python makes of a SentencePiece model of type BPE.

  python scripts/golden/sentencepiece_bpe.py TEXT FOLDER

Trains FOLDER/sentencepiece-bpe on TEXT, tinyshakespeare's input.txt, and writes FOLDER/sentencepiece_bpe.json.gz: what
XLMRobertaTokenizerFast and CamembertTokenizerFast make of it, on the texts of FOLDER/families.json.gz. Needs what
tokenizer_families.py needs.
"""

import gzip
import io
import json
import random
import sys
from pathlib import Path

import sentencepiece
import transformers
from transformers import CamembertTokenizerFast, XLMRobertaTokenizerFast

import tokenizer as roberta
import tokenizer_families as families


def train(texts, folder):
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts),
        model_writer=model,
        vocab_size=1200,
        model_type="bpe",
        normalization_rule_name="identity",
        user_defined_symbols=["<user>"],
        minloglevel=2,
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sentencepiece.bpe.model").write_bytes(model.getvalue())


def main(text_file, folder):
    root = Path(folder)
    train((roberta.CODE + roberta.SCRIPTS) * 20 + Path(text_file).read_text(encoding="utf-8").split("\n\n"), root / "sentencepiece-bpe")
    texts = json.loads(gzip.decompress((root / "families.json.gz").read_bytes()))["texts"]
    rng = random.Random(families.SEED)
    made = {
        f"{name} BPE": families.family(name, load, root / "sentencepiece-bpe", texts, rng)
        for name, load in [("xlm-roberta", XLMRobertaTokenizerFast), ("camembert", CamembertTokenizerFast)]
    }
    golden = {"versions": {**roberta.versions(), "sentencepiece": sentencepiece.__version__}, "families": made}
    data = json.dumps(golden, ensure_ascii=True, separators=(",", ":")).encode()
    (root / "sentencepiece_bpe.json.gz").write_bytes(gzip.compress(data, mtime=0))


if __name__ == "__main__":
    transformers.logging.set_verbosity_error()
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
