"""Golden data sets of Python's `datasets`.

  python scripts/golden/datasets.py   writes test/fixtures/datasets

labels.parquet, plain-*.parquet: Parquet files as Python writes them; golden.json: orders and splits for seeds, and
what those files hold. Needs datasets 5.2.0 and pyarrow 26.0.1.
"""

import json
import sys
from pathlib import Path

# This file's name must not hide the package of the same name.
sys.path.pop(0)

import pyarrow
import pyarrow.parquet
from datasets import ClassLabel, Dataset, Features, IterableDataset, List, Value

FOLDER = Path(__file__).parents[2] / "test" / "fixtures" / "datasets"
FOLDER.mkdir(parents=True, exist_ok=True)

ROWS = [
    {"text": f"row {i} \u2028 é", "label": i % 3, "score": i / 2, "flag": i % 2 == 0, "ids": list(range(i % 4)),
     "answers": {"text": [f"a{i}"] * (i % 2), "answer_start": [i] * (i % 2)}, "missing": None if i % 5 else "here"}
    for i in range(25)
]
FEATURES = Features({
    "text": Value("string"), "label": ClassLabel(names=["low", "middle", "high"]), "score": Value("float32"),
    "flag": Value("bool"), "ids": List(Value("int32")),
    "answers": {"text": List(Value("string")), "answer_start": List(Value("int64"))}, "missing": Value("string"),
})


def numbered(length):
    return Dataset.from_dict({"i": list(range(length))})


def stream(length):
    def rows():
        for i in range(length):
            yield {"i": i}
    return IterableDataset.from_generator(rows)


Dataset.from_list(ROWS, features=FEATURES).to_parquet(FOLDER / "labels.parquet", batch_size=10)
table = pyarrow.table({"id": pyarrow.array([1, 2**60, -3]), "text": ["a", None, "c"], "lists": [[1.5], [], [2.5, 3.5]]})
for codec in ("snappy", "gzip", "zstd", "brotli", "none"):
    pyarrow.parquet.write_table(table, FOLDER / f"plain-{codec}.parquet", compression=codec)

golden = {
    "rows": ROWS,
    "shuffle": [{"length": n, "seed": seed, "order": numbered(n).shuffle(seed=seed)["i"][:]}
                for n in (1, 2, 10, 100) for seed in (0, 42, 2**40 + 5)],
    "stream": [{"length": n, "seed": seed, "buffer_size": size,
                "order": [row["i"] for row in stream(n).shuffle(seed=seed, buffer_size=size)]}
               for n, size in ((20, 5), (20, 8), (7, 100), (30, 1)) for seed in (0, 42)],
    "splits": [
        {"length": n, "options": options,
         "train": (parts := numbered(n).train_test_split(**options))["train"]["i"][:], "test": parts["test"]["i"][:]}
        for n in (10, 37)
        for options in ({"test_size": 0.2, "seed": 7}, {"test_size": 3, "seed": 7}, {"train_size": 0.51, "seed": 1},
                        {"seed": 3}, {"test_size": 0.3, "shuffle": False}, {"train_size": 4, "test_size": 2, "seed": 0})
    ],
}
(FOLDER / "golden.json").write_text(json.dumps(golden))
