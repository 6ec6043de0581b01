"""Every tokenizer family's answers to many texts, a checksum a text."""

import json
import random
import sys
import zlib
from functools import cache
from pathlib import Path

import transformers

from exchange import read_json

sys.path.append(str(Path(__file__).parent.parent / "golden"))
import tokenizer as golden  # noqa: E402

import torch  # noqa: E402

SEED = 20261124
MAPPED = 40
LONGEST = 300
ALPHABETS = [range(0x4E00, 0x9FB0), range(0x600, 0x700), range(0xE00, 0xE60), range(0x300, 0x370), range(0x20), range(0x80, 0xA0)]
EMOJI = ["👩", "👍", "🏽", "❤", "🏴", "🇩", "🇪", "1", "\ufe0f", "\u200d", "\u20e3", "🦰", "⚧", "👨‍👩‍👧", "🏳️‍🌈"]
SHORT_TEXT = "a few words"


def pieces(text, rng):
    """Lines, and sometimes several of them at once; of long ones the beginning."""
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        count = 1 if rng.random() < 0.9 else rng.randint(2, 6)
        if part := "\n".join(lines[at : at + count]):
            yield part[:LONGEST]
        at += count


def files(folder):
    return sorted(path for path in Path(folder).rglob("*") if path.suffix in [".ts", ".cpp", ".h"] and "generated" not in path.parts)


def random_text(rng):
    kind = rng.randrange(6)
    if kind == 0:
        return "".join(rng.choices(EMOJI, k=rng.randint(1, 9)))
    if kind == 1:
        base = rng.choice(golden.SCRIPTS)
        return "".join(c + "".join(chr(rng.randrange(0x300, 0x370)) for _ in range(rng.randrange(3))) for c in base)
    if kind == 2:
        return golden.random_code_points(rng)
    if kind == 3:
        return "".join(map(chr, rng.choices(rng.choice(ALPHABETS), k=rng.randint(1, 60))))
    if kind == 4:
        pool = golden.BLANKS + golden.CONTROLS + golden.MARKERS + golden.CODE + golden.SCRIPTS + ["[MASK]", " [SEP]", "<unk>NOTUSED"]
        return "".join(rng.choices(pool, k=rng.randint(1, 5)))
    return golden.random_text(rng)


def texts_of(count, corpora, rng):
    prose = [part for path in corpora["prose"] for part in pieces(Path(path).read_text(encoding="utf-8"), rng)]
    code = [part for folder in corpora["code"] for path in files(folder) for part in pieces(path.read_text(encoding="utf-8"), rng)]
    rng.shuffle(prose)
    rng.shuffle(code)
    texts = prose[: count // 4] + code[: count // 4]
    texts += ["x" * rng.randint(100, 3000) if i % 2 else "".join(rng.choices("abcé字", k=rng.randint(100, 3000))) for i in range(max(4, count // 1000))]
    texts += [random_text(rng) for _ in range(count - len(texts))]
    rng.shuffle(texts)
    return texts


def given(kind, batch):
    following = batch[1:] + batch[:1]
    words = [text.split(" ") for text in batch]
    return {
        "single": [batch],
        "pair": [batch, following],
        "short second": [batch, [SHORT_TEXT] * len(batch)],
        "short first": [[SHORT_TEXT] * len(batch), batch],
        "words": [words],
        "word pair": [words, words[1:] + words[:1]],
    }[kind]


def mappings(encoded, row, text):
    characters = range(min(MAPPED, len(text)))
    words = sorted({word for word, sequence in zip(encoded.word_ids(row), encoded.sequence_ids(row)) if word is not None and sequence == 0})[:MAPPED]
    tokens = range(min(MAPPED, len(encoded.input_ids[row])))

    def span(value):
        return None if value is None else list(value)

    return [
        [encoded.char_to_token(row, i) for i in characters],
        [encoded.char_to_word(row, i) for i in characters],
        [span(encoded.word_to_tokens(row, word)) for word in words],
        [span(encoded.word_to_chars(row, word)) for word in words],
        [span(encoded.token_to_chars(row, token)) for token in tokens],
        [encoded.token_to_word(row, token) for token in tokens],
    ]


def checksums(tokenizer, case, batch):
    encoded = tokenizer(*given(case["kind"], batch), return_offsets_mapping=True, verbose=False, **case["options"])
    rows = len(encoded.input_ids)
    fields = sorted(name for name in encoded if name != "overflow_to_sample_mapping")
    of_sample = encoded.get("overflow_to_sample_mapping", range(rows))
    sums = [0] * len(batch)
    for row, sample in enumerate(of_sample):
        content = [encoded[name][row] for name in fields]
        content += [encoded.word_ids(row), encoded.sequence_ids(row), encoded.tokens(row)]
        if case.get("mappings"):
            content.append(mappings(encoded, row, batch[sample]))
        data = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        sums[sample] = zlib.crc32(data, sums[sample])
    return sums


def decoded(tokenizer, batch):
    """What texts become again, with and without special tokens."""
    rows = tokenizer(batch, verbose=False)["input_ids"]
    pairs = zip(tokenizer.batch_decode(rows), tokenizer.batch_decode(rows, skip_special_tokens=True))
    return [zlib.crc32("\n".join(pair).encode()) for pair in pairs]


def run(folder, results):
    spec = read_json(folder, "tokenizers.json")
    rng = random.Random(SEED)
    texts = texts_of(spec["count"], spec["corpora"], rng)
    (folder / "tokenizer-texts.json").write_text(json.dumps(texts))
    size = spec["textsInBatch"]
    for entry in spec["tokenizers"]:
        load_class = getattr(transformers, entry["class"])

        @cache
        def load(options):
            return load_class.from_pretrained(entry["folder"], **json.loads(options))

        sums = {}
        for batch, cases in enumerate(spec["batches"]):
            part = texts[batch * size : (batch + 1) * size]
            if not part:
                break
            for index in cases:
                case = spec["cases"][index]
                options = dict(case.get("load", {}))
                if "word" in case["kind"] and "Roberta" == entry["class"][:7]:
                    options["add_prefix_space"] = True
                tokenizer = load(json.dumps(options))
                sums.setdefault(case["name"], []).extend(checksums(tokenizer, case, part))
            sums.setdefault("decoded", []).extend(decoded(load("{}"), part))
        for case, values in sums.items():
            results.add(f"{entry['name']}/{case}", torch.tensor(values))
