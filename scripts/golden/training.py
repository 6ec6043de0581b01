"""Golden training runs: 100 steps on checkpoints of test/fixtures, losses and some of the final weights.

  python scripts/golden/training.py   with scripts/python/requirements.txt, writes test/fixtures/training

Dropout is 0: its masks differ between makers of CPUs (bernoulli_ draws from MKL on Intel's), so that a stored run
with dropout would hold on one kind only. `npm run parity` compares runs with dropout, live.
"""

import json
import sys
from pathlib import Path

import numpy
import torch
import transformers
from safetensors.torch import save_file

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "parity"))
from models import CLASSES, FIXTURES  # noqa: E402
from training import make_batches, train  # noqa: E402

COMMON = {"steps": 100, "weight_decay": 0.1, "warmup_steps": 10, "max_norm": 1.0, "batch_size": 4, "length": 16}
SPECS = [
    {"name": "masked-lm", "class": "masked-lm", "checkpoint": "sapiens/vl", "seed": 1, "lr": 1e-4, **COMMON},
    {
        "name": "sequence-classification",
        "class": "sequence-classification",
        "checkpoint": "tiny-random/roberta/sequence-classification-2",
        "seed": 2,
        "lr": 1e-3,
        **COMMON,
    },
]
KEPT = [
    "roberta.embeddings.LayerNorm.weight",
    "roberta.encoder.layer.0.attention.self.query.bias",
    "roberta.encoder.layer.2.output.dense.bias",
    "lm_head.bias",
    "lm_head.dense.weight",
    "lm_head.layer_norm.weight",
    "classifier.dense.bias",
    "classifier.out_proj.weight",
]


def golden(spec):
    model = CLASSES[spec["class"]].from_pretrained(
        FIXTURES / spec["checkpoint"], hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
    )
    spec["config"] = {"vocab_size": model.config.vocab_size, "num_labels": model.config.num_labels}
    batches = make_batches(spec)
    _, losses, norms, rates = train(model, spec, batches)
    # Ids fit 16 bits, and the file stays small.
    tensors = {f"in/{key}": tensor.to(torch.int16) for key, tensor in batches.items()}
    weights = {f"weights/{name}": p.detach() for name, p in model.named_parameters() if name in KEPT}
    return tensors | {"losses": losses, "norms": norms, "rates": rates} | weights


def main():
    torch.set_num_threads(1)
    folder = ROOT / "test" / "fixtures" / "training"
    folder.mkdir(parents=True, exist_ok=True)
    versions = {"torch": torch.__version__, "transformers": transformers.__version__, "numpy": numpy.__version__}
    for spec in SPECS:
        tensors = golden(spec)
        metadata = {"spec": json.dumps(spec), "versions": json.dumps(versions)}
        save_file(tensors, folder / f"{spec['name']}.safetensors", metadata)


if __name__ == "__main__":
    main()
