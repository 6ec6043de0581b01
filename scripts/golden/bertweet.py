"""Golden encodings of Python's BertweetTokenizer.

  python scripts/golden/bertweet.py WNUT17 FOLDER

Trains a small vocabulary on WNUT17, the folder of the corpus of that name (CC BY 4.0), writes bpe.codes and vocab.txt to
FOLDER/bertweet, and what the tokenizer answers to FOLDER/bertweet.json.gz. Needs transformers 4.57 and emoji 2.16.
"""

import collections
import gzip
import importlib.metadata
import json
import random
import sys
from pathlib import Path

import transformers
from transformers import AddedToken, BertweetTokenizer

import tokenizer as roberta

SEED = 20261124
MERGES = 1200
TWEETS = [
    "SC has first two presumptive cases of coronavirus, DHEC confirms https://postandcourier.com/health/x via @postandcourier",
    "@user_1 @user_2: I can't, cannot won't ain't  it's you're I'm I'd I'll we've n't ca n't",
    "at 5 p.m. or 6 a.m. p . m . a . m . now 10:30 p.m tomorrow",
    ":-) :D ;P =] >:( <3 8-D (: ):< :o) D: <html> </b> <a href=x> --> <-- -> <-",
    "#hashtag #a #_x_ ##two #it's-on #2026 # alone @ alone @_ @a.b",
    "mail me@example.com, foo.bar+baz@mail.example.co.uk! www.example.com http://x.y/(a(b)c)_d. example.com/x foo.na@x",
    "+1 (555) 123-4567, 555-1234 5551234 1.555.123.4567 12,345.67 3/4 -5.0+ 1e5 ٣٤٥-٦٧٨٩",
    "cooool!!!!! hmmmm..... ..... . . . … wait… “quotes” ‘single’ don’t ’s",
    "&amp; &lt;3 &#8217; &#x27;x&#X27; &hellip; &nbsp;a &bogus; &#xD800; &#128512; &#0; &#150; &#129; &#-5; &x41; &#1_0; &;",
    "😂😂😂😂 👍🏽 👩‍👩‍👧‍👦 🇩🇪 ❤️ ☺ ☺️ 🏳️‍🌈 1️⃣ 🅰️ ㊗️ © ™ 🦰 🇩",
    "é e\u0301 ñandú Straße ΑΣ ſtart Kelvin İstanbul ıx.ıo İx.com ſx.com ﬁx naïve-ly well-known 'tis rock'n'roll",
    "東京都 你好，世界！ สวัสดี مرحبا بالعالم नमस्ते a\u200db\u200cc x_y__z ＿ﾃｽﾄ ‿x⁀",
    "a\nb\n\nc \r\n d\te\x1cf\x1dg\x85h\u2028i\u3000j \x00 \ufeff\ufffd",
    "word" * 30 + " " + "😀a" * 10,
    "http://.,.,.,.,.,.,.,.,.,.,.,.,.,.,.,. www.((((((((((a.b.c.d.e",
    "<s> </s><pad> <mask> x<mask>y <unk> @@ </w> a@@ b",
    "",
    " ",
    "\n",
]
CASES = [
    ("plain", {}, {}, "single"),
    ("normalized", {}, {"normalization": True}, "single"),
    ("pairs", {}, {"normalization": True}, "pair"),
    ("empty second text", {}, {}, "empty pair"),
    ("padding", {"padding": True}, {"normalization": True}, "single"),
    ("left padding to a multiple", {"padding": True, "padding_side": "left", "pad_to_multiple_of": 8}, {}, "pair"),
    ("max_length", {"padding": "max_length", "truncation": True, "max_length": 12}, {}, "single"),
    *[
        (f"{strategy} {side} {length}", {"truncation": strategy, "max_length": length}, {"truncation_side": side}, "pair")
        for strategy in ["longest_first", "only_first", "only_second"]
        for side in ["left", "right"]
        for length in [3, 7, 16, 25]
    ],
    ("no length", {"truncation": True, "max_length": 2}, {}, "single"),
    ("zero", {"truncation": True, "max_length": 0}, {}, "single"),
    ("no special tokens", {"add_special_tokens": False}, {"normalization": True}, "pair"),
    ("masks", {"return_special_tokens_mask": True, "padding": True, "return_token_type_ids": True}, {}, "pair"),
    ("words", {"is_split_into_words": True}, {"normalization": True}, "words"),
    ("pairs of words", {"is_split_into_words": True, "padding": True}, {}, "word pair"),
]  # fmt: skip
ADDED = [
    AddedToken("tom", single_word=True),
    AddedToken("<left>", lstrip=True),
    AddedToken("<both>", lstrip=True, rstrip=True),
    "new",
    "newer",
    "the",
]
ADDED_TEXTS = ["tom tomtom tom, a tom", "x  <left>  y <both>  z<both>", "newnewer newest the then the", "<left> tom<left>tom <both>tom"]


def tweets_of(folder):
    sentence = []
    for line in (Path(folder) / "wnut17train.conll").read_text(encoding="utf-8").splitlines():
        word = line.split("\t")[0].strip()
        if word:
            sentence.append(word)
        elif sentence:
            yield " ".join(sentence)
            sentence = []


def train(texts, folder):
    """Byte-pair encoding in fastBPE's form: `left right count`, and a dictionary of what it gives."""
    words = collections.Counter(word for text in texts for word in text.split())
    split = {word: [*word[:-1], word[-1] + "</w>"] for word in words}
    codes = []
    for _ in range(MERGES):
        pairs = collections.Counter()
        for word, count in words.items():
            for pair in zip(split[word], split[word][1:]):
                pairs[pair] += count
        (left, right), count = min(pairs.items(), key=lambda item: (-item[1], item[0]))
        codes.append(f"{left} {right} {count}\n")
        for word, symbols in split.items():
            merged = []
            for symbol in symbols:
                if merged and merged[-1] == left and symbol == right:
                    merged[-1] = left + right
                else:
                    merged.append(symbol)
            split[word] = merged
    pieces = collections.Counter()
    for word, symbols in split.items():
        for piece in symbols:
            pieces[piece[:-4] if piece.endswith("</w>") else piece + "@@"] += words[word]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bpe.codes").write_text("".join(codes), encoding="utf-8")
    vocabulary = sorted(pieces.items(), key=lambda item: (-item[1], item[0]))
    (folder / "vocab.txt").write_text("".join(f"{piece} {count}\n" for piece, count in vocabulary), encoding="utf-8")
    config = {"tokenizer_class": "BertweetTokenizer", "model_max_length": 128}
    (folder / "tokenizer_config.json").write_text(json.dumps(config) + "\n")


def inputs_of(kind, count, rng):
    if "pair" not in kind:
        return [[i] for i in range(count)]
    return [[i, 16 if "empty" in kind else rng.randrange(count)] for i in range(count)]


def cases(folder, texts, rng):
    for name, options, load, kind in CASES:
        loaded = BertweetTokenizer.from_pretrained(folder, **load)
        inputs = [item for item in inputs_of(kind, len(TWEETS) + 20, rng) if "word" not in kind or all(texts[i].split() for i in item)]
        given = [[texts[i].split(" ") if "word" in kind else texts[i] for i in item] for item in inputs]
        answer = loaded.batch_encode_plus([item[0] if len(item) == 1 else tuple(item) for item in given], verbose=False, **options)
        yield {"name": name, "options": options, "load": load, "inputs": inputs, "fields": dict(answer)}


def added(folder):
    tokenizer = BertweetTokenizer.from_pretrained(folder)
    count = tokenizer.add_tokens(ADDED)
    special = tokenizer.add_special_tokens({"additional_special_tokens": ["<e1>", "<left>"]})
    texts = [*ADDED_TEXTS, "a<e1> b the <e1>"]
    ids = tokenizer(texts)["input_ids"]
    return {
        "tokens": [{"content": str(token), **({} if isinstance(token, str) else {name: getattr(token, name) for name in ["single_word", "lstrip", "rstrip"]})} for token in ADDED],
        "counts": [count, special],
        "texts": texts,
        "ids": ids,
        "decoded": [tokenizer.decode(row) for row in ids],
        "skipped": [tokenizer.decode(row, skip_special_tokens=True) for row in ids],
        "added": tokenizer.get_added_vocab(),
        "length": len(tokenizer),
    }


def main(corpus, folder):
    rng = random.Random(SEED)
    tweets = list(tweets_of(corpus))
    root = Path(folder)
    train(tweets + TWEETS, root / "bertweet")
    texts = TWEETS + rng.sample(tweets, 250) + roberta.SCRIPTS + roberta.CODE
    plain = BertweetTokenizer.from_pretrained(root / "bertweet")
    tweeted = BertweetTokenizer.from_pretrained(root / "bertweet", normalization=True)
    ids = tweeted(texts, verbose=False)["input_ids"]
    golden = {
        "versions": {**roberta.versions(), "emoji": importlib.metadata.version("emoji")},
        "texts": texts,
        "normalized": [tweeted.normalizeTweet(text) for text in texts],
        "tokens": [plain.tokenize(text) for text in texts],
        "ids": ids,
        "decoded": [tweeted.decode(row) for row in ids],
        "skipped": [tweeted.decode(row, skip_special_tokens=True) for row in ids],
        "special_tokens_map": plain.special_tokens_map,
        "added_vocab": plain.get_added_vocab(),
        "length": len(plain),
        "cases": list(cases(root / "bertweet", texts, rng)),
        "added": added(root / "bertweet"),
    }
    data = json.dumps(golden, ensure_ascii=True, separators=(",", ":")).encode()
    (root / "bertweet.json.gz").write_bytes(gzip.compress(data, mtime=0))


if __name__ == "__main__":
    transformers.logging.set_verbosity_error()
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
