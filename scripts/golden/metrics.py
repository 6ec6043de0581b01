"""Golden metrics of scikit-learn, scipy, seqeval and Transformers.

  python scripts/golden/metrics.py   writes test/fixtures/metrics/golden.json.gz

Needs numpy, scikit-learn 1.9.1, scipy 1.17.1, seqeval 1.2.2, transformers 4.57.6.
"""

import gzip
import json
import math
import random
import warnings
from pathlib import Path

import numpy
import scipy.stats
import seqeval.metrics
import seqeval.scheme
import sklearn.metrics
from transformers.data.metrics import squad_metrics

FILE = Path(__file__).parents[2] / "test" / "fixtures" / "metrics" / "golden.json.gz"
SCHEMES = ["IOB1", "IOB2", "IOE1", "IOE2", "IOBES", "BILOU"]
PREFIXES = {"IOB1": "IOB", "IOB2": "IOB", "IOE1": "IOE", "IOE2": "IOE", "IOBES": "IOBES", "BILOU": "IOBLU"}
TEXTS = [
    "The  Cat, a dog & an ant!", "the", "", "a-an-the", "théa", "El Niño", "an é", "a\u00a0b\u2003c", "x\x1cy",
    "U.S.A.", "İstanbul ΣΟΦΟΣ", "“the” ‘a’", "a_b the_c", "the\ufeffcat", "42½ a½", "不 a 不", "thé cat",
]

warnings.simplefilter("ignore")
draw = random.Random(7)
numbers = numpy.random.default_rng(7)


def finite(value):
    value = float(value)
    return None if math.isnan(value) else value


def classification():
    for classes, length in [(2, 1), (2, 40), (3, 50), (5, 60), (7, 9)] * 3:
        truth = [draw.randrange(classes) for _ in range(length)]
        predicted = [t if draw.random() < 0.6 else draw.randrange(classes) for t in truth]
        yield {"truth": truth, "predicted": predicted,
               "matthews_corrcoef": sklearn.metrics.matthews_corrcoef(truth, predicted)}
    yield {"truth": [0, 1, 0], "predicted": [1, 1, 1],
           "matthews_corrcoef": sklearn.metrics.matthews_corrcoef([0, 1, 0], [1, 1, 1])}


def correlation():
    for length in (2, 3, 10, 50):
        for _ in range(4):
            x = numbers.normal(size=length).round(3)
            y = (x + numbers.normal(size=length)).round(1) + 100
            yield pair(x, y)
    ties = numbers.integers(0, 4, size=60)
    yield pair(ties, numbers.integers(0, 6, size=60) + ties)
    yield pair([1, 2, 3], [3, 2, 1])
    yield pair([0.1, 0.1, 0.1], [1, 2, 3])


def pair(x, y):
    return {"x": [float(v) for v in x], "y": [float(v) for v in y], "ranks": scipy.stats.rankdata(x).tolist(),
            "pearsonr": finite(scipy.stats.pearsonr(x, y)[0]), "spearmanr": finite(scipy.stats.spearmanr(x, y)[0])}


def tag(prefixes, suffix, types):
    prefix = draw.choice(prefixes)
    if prefix == "O":
        return "O"
    kind = draw.choice(types)
    return f"{kind}-{prefix}" if suffix else f"{prefix}-{kind}"


def spans():
    for scheme in SCHEMES:
        for case in range(6):
            suffix = case == 3
            types = ["PER", "LOC", "MISC-1"][: 1 + case % 3]
            truth = [[tag(PREFIXES[scheme], suffix, types) for _ in range(draw.randrange(9))] for _ in range(6)]
            predicted = [[t if draw.random() < 0.7 else tag(PREFIXES[scheme], suffix, types) for t in row] for row in truth]
            yield scored(truth, predicted, scheme, suffix)
    # Prefixes without a type, nothing predicted, nothing true, a tie in rounding (1/8).
    yield scored([["B", "I", "O", "B"]], [["B", "I", "O", "O"]], "IOB2", False)
    yield scored([["B-X", "O"]], [["O", "O"]], "IOB2", False)
    yield scored([["O", "O"]], [["B-X", "I-X"]], "IOB2", False)
    yield scored([["B-X"] * 8], [["B-X"] + ["O"] * 7], "IOB2", False)


def scored(truth, predicted, scheme, suffix):
    case = {"truth": truth, "predicted": predicted, "scheme": scheme, "suffix": suffix,
            "accuracy_score": seqeval.metrics.accuracy_score(truth, predicted), "scores": [], "reports": []}
    for options in ({}, {"mode": "strict", "scheme": scheme}):
        python = {**options, "suffix": suffix}
        if "scheme" in python:
            python["scheme"] = getattr(seqeval.scheme, scheme)
        for average in ("micro", "macro", "weighted"):
            for zero_division in (0, 1):
                values = {
                    name: float(getattr(seqeval.metrics, name)(
                        truth, predicted, average=average, zero_division=zero_division, **python))
                    for name in ("precision_score", "recall_score", "f1_score")
                }
                case["scores"].append({"options": {**options, "average": average, "zero_division": zero_division,
                                                   "suffix": suffix}, "values": values})
        try:
            report = seqeval.metrics.classification_report(truth, predicted, **python)
        except ValueError:  # no span at all, or a scheme that auto_detect does not know
            report = None
        case["reports"].append({"options": {**options, "suffix": suffix}, "text": report})
    return case


def answers():
    for text in TEXTS:
        for other in TEXTS:
            yield [text, other, squad_metrics.compute_exact(text, other), squad_metrics.compute_f1(text, other)]


golden = {
    "classification": list(classification()),
    "correlation": list(correlation()),
    "spans": list(spans()),
    "normalized": [[text, squad_metrics.normalize_answer(text)] for text in TEXTS],
    "answers": list(answers()),
}
FILE.parent.mkdir(parents=True, exist_ok=True)
with gzip.GzipFile(FILE, "wb", mtime=0) as file:
    file.write(json.dumps(golden).encode())
