"""Golden encodings of Python's fast tokenizers, and live ones for comparison.

  python scripts/golden/tokenizer.py make TEXT FOLDER   train a small tokenizer on TEXT, write it and golden.json.gz
  python scripts/golden/tokenizer.py encode FOLDER      answer the cases on standard input with AutoTokenizer
  python scripts/golden/tokenizer.py train              train on the texts on standard input
  python scripts/golden/tokenizer.py texts              random texts by the seed and count on standard input

TEXT is tinyshakespeare's input.txt (public domain). Needs transformers 4.57 and tokenizers 0.22.
"""

import gzip
import json
import random
import sys
from pathlib import Path

import tokenizers
import transformers
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
from transformers import AutoTokenizer, RobertaTokenizerFast

SPECIAL_TOKENS = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
VOCAB_SIZE = 2048
SEED = 20260101

CODE = [
    "def f(x: int) -> int:\n    return x ** 2  # squared\n",
    "for (let i = 0; i < n; i++) { sum += a[i] ?? 0; }",
    "const s = `${a}-${b}`; // template\r\n\tconsole.log(s)",
    "SELECT name, COUNT(*) FROM users WHERE age >= 18 GROUP BY name;",
    "#include <vector>\nint main() { std::vector<int> v{1, 2, 3}; }",
    '{"key": [1, 2.5e-3, null, true], "nested": {"a": "\\u00e9"}}',
    "<p class=\"x\">it's &amp; they'll've we'd I'm you're</p>",
    "https://example.org/path?q=1&r=%20#frag user@example.org 2026-01-01T12:34:56Z",
    "$ grep -rn 'foo.*bar' src/ | awk '{print $1}' | sort -u > out.txt",
    "x = 0x1F + 1_000_000 - .5e+10; y != x && !(z || w)",
]
SCRIPTS = [
    "Größe naïve façade œuvre Ångström São Tomé",
    "Быстрая коричневая лиса прыгает через ленивую собаку",
    "敏捷的棕色狐狸跳过了懒狗。生活的真谛是",
    "すばやい茶色の狐がのろまな犬を飛び越える カタカナ",
    "العربية لغة جميلة ١٢٣ مرحبا بالعالم",
    "ภาษาไทยไม่มีช่องว่างระหว่างคำ",
    "हिन्दी भाषा देवनागरी लिपि में १२३",
    "한국어 문장입니다 가각간",
    "שלום עולם",
    "👩‍👩‍👧‍👦 family 👍🏽 🇩🇪🇫🇷 ❤️ 1️⃣ 🏴󠁧󠁢󠁳󠁣󠁴󠁿 end",
    "e\u0301 a\u0308\u0323 combining Z\u0351\u036b\u0343 n\u0303o",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𝕞𝕒𝕥𝕙 𠀀𠀁 𒀀",
    "ﬁ ﬂ ½ ² ™ № … — – “quoted” ‘single’ «guillemets»",
]
BLANKS = ["", " ", "  ", "\n", "\t\t", "\r\n", "\u00a0", "\u3000", "\u2003x\u2003", "\u0085a", "\ufeffb", "a\u200bb"]
CONTROLS = ["a\x00b", "\x01\x02\x7f", "\ufffd", "\u202eabc\u202c", "\ue000private", "\U0010ffff"]
MARKERS = ["a <mask> b", "<s>x</s>", "<pad>", " <mask>", "<mask>", "x<mask>y", "<unk> <unk>", "< mask >", "<MASK>"]
ALPHABETS = [
    range(0x20, 0x7F),
    range(0xA0, 0x250),
    range(0x370, 0x530),
    range(0x5D0, 0x5EB),
    range(0x900, 0x980),
    range(0xE01, 0xE5C),
    range(0x2000, 0x2070),
    range(0x2190, 0x2300),
    range(0x3040, 0x3100),
    range(0x4E00, 0x4F00),
    range(0xAC00, 0xAD00),
    range(0x1F300, 0x1F650),
    range(0x1D400, 0x1D500),
]


def random_text(rng):
    """Characters of a few alphabets, mixed with blanks."""
    alphabets = rng.sample(ALPHABETS, rng.randint(1, 3))
    size = rng.choice([1, 2, 5, 20, 60])
    return "".join(" " if rng.random() < 0.15 else chr(rng.choice(rng.choice(alphabets))) for _ in range(size))


def random_code_points(rng):
    """Any assigned or unassigned code points but surrogates."""
    points = (rng.randrange(0x110000) for _ in range(rng.randint(1, 12)))
    return "".join(chr(point) for point in points if not 0xD800 <= point < 0xE000)


def make_texts(corpus, rng):
    paragraphs = [p for p in corpus.split("\n\n") if p]
    texts = BLANKS + CONTROLS + MARKERS + CODE + SCRIPTS
    texts += ["a" * 300, "ab" * 200, "-" * 150, "\n" * 40, "0123456789" * 20, "word " * 80]
    texts += [p[:200] for p in rng.sample(paragraphs, 700)]
    texts += [line for line in rng.sample(corpus.split("\n"), 400)]
    texts += [random_text(rng) for _ in range(900)]
    texts += [random_code_points(rng) for _ in range(300)]
    pool = BLANKS + CONTROLS + MARKERS + CODE + SCRIPTS
    texts += ["".join(rng.sample(pool, 2))[:120] for _ in range(300)]
    return texts


CASES = [
    ("no special tokens", {"add_special_tokens": False}, {}, "single"),
    ("pair", {"return_token_type_ids": True, "return_special_tokens_mask": True}, {}, "pair"),
    ("pair without special tokens", {"add_special_tokens": False}, {}, "pair"),
    ("truncate single", {"truncation": True, "max_length": 12}, {}, "single"),
    ("truncate to special tokens only", {"truncation": True, "max_length": 2}, {}, "single"),
    ("windows", {"truncation": True, "max_length": 16, "stride": 5, "return_overflowing_tokens": True}, {}, "single"),
    ("windows without special tokens", {"truncation": True, "max_length": 9, "return_overflowing_tokens": True, "add_special_tokens": False}, {}, "single"),
    ("windows from the left", {"truncation": True, "max_length": 16, "stride": 3, "return_overflowing_tokens": True}, {"truncation_side": "left"}, "single"),
    ("longest_first", {"truncation": "longest_first", "max_length": 20}, {}, "pair"),
    ("longest_first windows", {"truncation": True, "max_length": 20, "stride": 2, "return_overflowing_tokens": True}, {}, "short pair"),
    ("longest_first, odd budget", {"truncation": True, "max_length": 9, "return_overflowing_tokens": True}, {}, "short pair"),
    ("only_first", {"truncation": "only_first", "max_length": 48, "stride": 4, "return_overflowing_tokens": True}, {}, "short second"),
    ("only_second", {"truncation": "only_second", "max_length": 48, "stride": 4, "return_overflowing_tokens": True}, {}, "short first"),
    ("pad to the longest", {"padding": True, "return_special_tokens_mask": True, "return_token_type_ids": True}, {}, "single"),
    ("pad left", {"padding": "longest", "padding_side": "left", "return_special_tokens_mask": True}, {}, "pair"),
    ("pad to max_length", {"padding": "max_length", "max_length": 64, "truncation": True, "return_length": True}, {}, "single"),
    ("pad to a multiple", {"padding": True, "pad_to_multiple_of": 8, "truncation": True, "max_length": 32}, {}, "pair"),
    ("pad windows", {"padding": "max_length", "max_length": 24, "truncation": True, "stride": 6, "return_overflowing_tokens": True, "padding_side": "left", "return_length": True}, {}, "single"),
    ("model_max_length", {"truncation": True, "padding": "max_length"}, {"model_max_length": 30}, "single"),
    ("prefix space", {}, {"add_prefix_space": True}, "single"),
    ("offsets with blanks", {}, {"trim_offsets": False}, "single"),
    ("words", {"is_split_into_words": True}, {"add_prefix_space": True}, "words"),
    ("word windows", {"is_split_into_words": True, "truncation": True, "max_length": 12, "stride": 2, "return_overflowing_tokens": True, "padding": True}, {"add_prefix_space": True}, "words"),
    ("word pairs", {"is_split_into_words": True, "return_special_tokens_mask": True}, {"add_prefix_space": True}, "word pair"),
]  # fmt: skip


def make_inputs(kind, texts, rng):
    """Indices into the texts: one each, or two for pairs; texts of bounded size so that windows stay few."""
    short = [i for i, text in enumerate(texts) if len(text.encode()) <= 24]
    whole = [i for i, text in enumerate(texts) if len(text) <= 130]
    count = 12 if "short pair" in kind else 40
    first = rng.sample(short if kind in ("short pair", "short first") else whole, count)
    if "pair" not in kind and kind not in ("short first", "short second"):
        return [[i] for i in first]
    second = rng.sample(short if kind in ("short pair", "short second") else whole, count)
    return [list(pair) for pair in zip(first, second)]


def spans(offsets):
    return [list(span) for span in offsets]


def mappings(encoded, row, text):
    """Every answer of the methods between characters, words and tokens, for the first text."""
    pair = lambda span: span and list(span)  # noqa: E731
    words = sorted({word for word, i in zip(encoded.word_ids(row), encoded.sequence_ids(row)) if i == 0})
    tokens = range(len(encoded.tokens(row)))
    return {
        "char_to_token": [encoded.char_to_token(row, i) for i in range(len(text))],
        "char_to_word": [encoded.char_to_word(row, i) if encoded.char_to_token(row, i) is not None else None for i in range(len(text))],
        "word_to_tokens": [pair(encoded.word_to_tokens(row, word)) for word in words],
        "word_to_chars": [pair(encoded.word_to_chars(row, word)) for word in words],
        "token_to_chars": [pair(encoded.token_to_chars(row, token)) for token in tokens],
        "token_to_word": [encoded.token_to_word(row, token) for token in tokens],
    }  # fmt: skip


def answer(tokenizer, inputs, options):
    """All fields and columns of one call. Inputs: lists of one or two texts or lists of words."""
    split = options.get("is_split_into_words", False)
    batch = [tuple(item) if len(item) == 2 else item[0] for item in inputs]
    encoded = tokenizer.batch_encode_plus(batch, return_offsets_mapping=True, **options)
    rows = range(len(encoded["input_ids"]))
    fields = dict(encoded)
    fields["offset_mapping"] = [spans(row) for row in encoded["offset_mapping"]]
    result = {
        "fields": fields,
        "word_ids": [encoded.word_ids(i) for i in rows],
        "sequence_ids": [encoded.sequence_ids(i) for i in rows],
        "tokens": [encoded.tokens(i) for i in rows],
    }
    if not split and not options.get("truncation"):
        result["mappings"] = [mappings(encoded, i, inputs[i][0]) for i in range(min(8, len(inputs)))]
    return result


def train(texts, vocab_size, min_frequency=0):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        min_frequency=min_frequency,
        special_tokens=SPECIAL_TOKENS,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer=trainer)
    model = json.loads(tokenizer.to_str())["model"]
    return model["vocab"], model["merges"]


def train_golden(texts, vocab_size, min_frequency):
    vocab, merges = train(texts, vocab_size, min_frequency)
    tokens = sorted(vocab, key=vocab.get)
    return {"vocab_size": vocab_size, "min_frequency": min_frequency, "tokens": tokens, "merges": merges}


def versions():
    return {"transformers": transformers.__version__, "tokenizers": tokenizers.__version__}


def words_of(text):
    return text.split(" ")


def make(text_file, folder):
    rng = random.Random(SEED)
    corpus = Path(text_file).read_text(encoding="utf-8")
    vocab, merges = train((CODE + SCRIPTS) * 20 + corpus.split("\n\n"), VOCAB_SIZE)
    target = Path(folder) / "small"
    target.mkdir(parents=True, exist_ok=True)
    (target / "vocab.json").write_text(json.dumps(vocab, ensure_ascii=False), encoding="utf-8")
    lines = ["#version: 0.2"] + [" ".join(merge) for merge in merges]
    (target / "merges.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    tokenizer = RobertaTokenizerFast(str(target / "vocab.json"), str(target / "merges.txt"), model_max_length=512)
    tokenizer.save_pretrained(target)

    texts = make_texts(corpus, rng)
    plain = tokenizer(texts, return_offsets_mapping=True, verbose=False)
    encodings = [
        [plain["input_ids"][i], [n for span in plain["offset_mapping"][i] for n in span], plain.word_ids(i)]
        for i in range(len(texts))
    ]
    cases = []
    for name, options, load, kind in CASES:
        indices = make_inputs(kind, texts, rng)
        loaded = RobertaTokenizerFast.from_pretrained(target, **load)
        given = [[words_of(texts[i]) if "word" in kind else texts[i] for i in item] for item in indices]
        cases.append({"name": name, "options": options, "load": load, "inputs": indices, **answer(loaded, given, options)})
    decoded = [tokenizer.decode(row, skip_special_tokens=True) for row in plain["input_ids"]]
    trained = [train_golden(texts, size, frequency) for size, frequency in ((600, 2), (4000, 0))]
    golden = {"trained": trained, "versions": versions(), "texts": texts, "encodings": encodings, "decoded": decoded, "cases": cases}
    data = json.dumps(golden, ensure_ascii=True, separators=(",", ":")).encode()
    (Path(folder) / "golden.json.gz").write_bytes(gzip.compress(data, mtime=0))


def encode(folder):
    """Standard input: {load, cases: [{inputs, options}]}; standard output: one answer per case."""
    request = json.load(sys.stdin)
    tokenizer = AutoTokenizer.from_pretrained(folder, **request.get("load", {}))
    answers = [answer(tokenizer, case["inputs"], case["options"]) for case in request["cases"]]
    json.dump({"class": type(tokenizer).__name__, "size": len(tokenizer), "answers": answers}, sys.stdout)


def train_live():
    """Standard input: {texts, vocab_size, min_frequency}; standard output: the vocabulary and the merges."""
    request = json.load(sys.stdin)
    vocab, merges = train(request["texts"], request["vocab_size"], request["min_frequency"])
    json.dump({"vocab": vocab, "merges": merges}, sys.stdout)


def random_texts():
    """Standard input: {seed, count}; standard output: texts mixed from every kind that this script knows."""
    request = json.load(sys.stdin)
    rng = random.Random(request["seed"])
    pool = BLANKS + CONTROLS + MARKERS + CODE + SCRIPTS
    makers = [random_text, random_code_points, lambda rng: "".join(rng.choices(pool, k=rng.randint(1, 4)))]
    json.dump([rng.choice(makers)(rng) for _ in range(request["count"])], sys.stdout)


if __name__ == "__main__":
    transformers.logging.set_verbosity_error()
    commands = {"make": make, "encode": encode, "train": train_live, "texts": random_texts}
    if len(sys.argv) < 2 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]](*sys.argv[2:])
