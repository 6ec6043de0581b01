"""Golden encodings of Python's fast tokenizers of BERT, XLM-R and CamemBERT.

  python scripts/golden/tokenizer_families.py TEXT FOLDER

Trains a small WordPiece vocabulary (FOLDER/bert) and a small SentencePiece model (FOLDER/unigram) on TEXT,
tinyshakespeare's input.txt (public domain), and writes what the tokenizers made of them answer to
FOLDER/families.json.gz. Needs transformers 4.57, tokenizers 0.22, sentencepiece and protobuf.
"""

import gzip
import io
import json
import random
import sys
from pathlib import Path

import sentencepiece
import transformers
from tokenizers import BertWordPieceTokenizer
from transformers import BertTokenizerFast, CamembertTokenizerFast, XLMRobertaTokenizerFast

import tokenizer as roberta

SEED = 20260102
MARKERS = ["a [MASK] b", "[CLS]x[SEP]", "[PAD]", "[mask]", "x[MASK]y", "[UNK] [UNK]", "tom<user>jerry <user>", "<unk>NOTUSED", "<s>NOTUSED <user>"]
CHINESE = ["模型 Model在2026年", "ＡＢＣ１２３　全角", "東京都a京都b", "㍿ ㌔ ｶﾞ ﾊﾟ", "İstanbul ǅ ß ﬁ Å Å", "x\u0301\u0327 e\u0301cole É"]
LOADS = {
    "bert": [
        {"do_lower_case": False},
        {"strip_accents": False},
        {"do_lower_case": False, "strip_accents": True},
        {"tokenize_chinese_chars": False},
        {"additional_special_tokens": ["[E1]", "tom"]},
    ],
    "xlm-roberta": [{"additional_special_tokens": ["<e1>", "tom"]}],
    "camembert": [{"additional_special_tokens": ["<e1>", "tom"]}],
}  # fmt: skip


def train_bert(texts, folder):
    trained = BertWordPieceTokenizer(lowercase=False, strip_accents=False)
    trained.train_from_iterator(texts, vocab_size=1500, show_progress=False)
    folder.mkdir(parents=True, exist_ok=True)
    trained.save_model(str(folder))
    BertTokenizerFast(str(folder / "vocab.txt"), model_max_length=512).save_pretrained(folder)


def train_unigram(texts, folder):
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts),
        model_writer=model,
        vocab_size=1500,
        model_type="unigram",
        normalization_rule_name="nmt_nfkc",
        user_defined_symbols=["<user>"],
        minloglevel=2,
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sentencepiece.bpe.model").write_bytes(model.getvalue())


def texts_for(corpus, rng):
    texts = rng.sample(roberta.make_texts(corpus, rng), 330)
    return roberta.BLANKS + roberta.CONTROLS + roberta.SCRIPTS + roberta.MARKERS + MARKERS + CHINESE + texts


def definition_of(tokenizer):
    """The tokenizer.json, without the table of characters, which is in the SentencePiece model."""
    definition = json.loads(tokenizer.backend_tokenizer.to_str())
    for part in definition["normalizer"].get("normalizers", []):
        part.pop("precompiled_charsmap", None)
    return definition


def cases_of(name, load_class, folder, texts, rng):
    roberta_only = {"add_prefix_space", "trim_offsets"}
    plain = [
        (case, options, {key: value for key, value in load.items() if key not in roberta_only}, kind)
        for case, options, load, kind in roberta.CASES
        if not load.keys() & {"trim_offsets"} and case != "prefix space"
    ]
    own = [(" ".join(f"{key}: {value}" for key, value in load.items()), {}, load, "single") for load in LOADS[name]]
    for case, options, load, kind in plain + own:
        inputs = roberta.make_inputs(kind, texts, rng)[:14]
        given = [[roberta.words_of(texts[i]) if "word" in kind else texts[i] for i in item] for item in inputs]
        loaded = load_class.from_pretrained(folder, **load)
        answer = roberta.answer(loaded, given, options)
        yield {"name": case, "options": options, "load": load, "inputs": inputs, **answer}


def family(name, load_class, folder, texts, rng):
    tokenizer = load_class.from_pretrained(folder)
    plain = tokenizer(texts, return_offsets_mapping=True, verbose=False)
    ids = plain["input_ids"]
    return {
        "definition": definition_of(tokenizer),
        "special_tokens_map": tokenizer.special_tokens_map,
        "all_special_ids": tokenizer.all_special_ids,
        "encodings": [
            [ids[i], [n for span in plain["offset_mapping"][i] for n in span], plain.word_ids(i)]
            for i in range(len(texts))
        ],
        "decoded": [tokenizer.decode(row) for row in ids],
        "skipped": [tokenizer.decode(row, skip_special_tokens=True) for row in ids],
        "joined": [tokenizer.convert_tokens_to_string(plain.tokens(i)) for i in range(len(texts))],
        "cases": list(cases_of(name, load_class, folder, texts, rng)),
    }


def main(text_file, folder):
    rng = random.Random(SEED)
    corpus = Path(text_file).read_text(encoding="utf-8")
    training = (roberta.CODE + roberta.SCRIPTS) * 20 + corpus.split("\n\n")
    root = Path(folder)
    train_bert(training, root / "bert")
    train_unigram(training, root / "unigram")
    texts = texts_for(corpus, rng)
    families = {
        "bert": family("bert", BertTokenizerFast, root / "bert", texts, rng),
        "xlm-roberta": family("xlm-roberta", XLMRobertaTokenizerFast, root / "unigram", texts, rng),
        "camembert": family("camembert", CamembertTokenizerFast, root / "unigram", texts, rng),
    }
    golden = {"versions": {**roberta.versions(), "sentencepiece": sentencepiece.__version__}, "texts": texts, "families": families}
    data = json.dumps(golden, ensure_ascii=True, separators=(",", ":")).encode()
    (root / "families.json.gz").write_bytes(gzip.compress(data, mtime=0))


if __name__ == "__main__":
    transformers.logging.set_verbosity_error()
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
