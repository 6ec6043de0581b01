"""Models saved by one side and opened by the other."""

import torch
from transformers import AutoModel, AutoModelForMaskedLM, AutoModelForSequenceClassification, RobertaConfig

from exchange import read_json
from models import CLASSES

AUTO_CLASSES = {
    "model": AutoModel,
    "masked-lm": AutoModelForMaskedLM,
    "sequence-classification": AutoModelForSequenceClassification,
}
INPUTS = {"input_ids": torch.tensor([[0, 7, 8, 2], [0, 9, 2, 1]]), "attention_mask": torch.tensor([[1] * 4, [1, 1, 1, 0]])}


def run(folder, results):
    for spec in read_json(folder, "save-load.json"):
        name, cls = spec["name"], CLASSES[spec["class"]]
        for how, opener in {"its class": cls, "the Auto class": AUTO_CLASSES[spec["class"]]}.items():
            model, info = opener.from_pretrained(folder / "ours" / name, output_loading_info=True)
            prefix = f"saved here, opened by {how}/{name}"
            results.facts[f"{prefix}/class"] = type(model).__name__
            results.facts[f"{prefix}/report"] = {kind: sorted(keys) for kind, keys in info.items()}
            results.facts[f"{prefix}/dtype"] = str(model.dtype)
            results.facts[f"{prefix}/config"] = {key: getattr(model.config, key) for key in spec["config"]}
            results.facts[f"{prefix}/id2label"] = {str(key): label for key, label in model.config.id2label.items()}
            results.add_parameters(prefix, model)
            results.add(f"{prefix}/first output", model(**INPUTS)[0])

        torch.manual_seed(spec["seed"])
        model = cls(RobertaConfig(**spec["config"])).eval().to(getattr(torch, spec["dtype"]))
        model.save_pretrained(folder / "python" / name)
        prefix = f"saved by Python/{name}"
        results.facts[f"{prefix}/report"] = {"missing_keys": [], "unexpected_keys": [], "mismatched_keys": []}
        results.facts[f"{prefix}/id2label"] = {str(key): label for key, label in model.config.id2label.items()}
        model = model.float()
        results.add_parameters(prefix, model)
        results.add(f"{prefix}/first output", model(**INPUTS)[0])
