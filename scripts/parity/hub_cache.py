"""The cache of the hub: what Python downloads is used by us, what we download is used by Python."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from transformers import AutoModelForMaskedLM, AutoTokenizer

from exchange import read_json


def run(folder, results):
    spec = read_json(folder, "hub-cache.json")
    ours, python = folder / "hub-ours", folder / "hub-python"
    # huggingface_hub reads its settings once, and this process is offline.
    environment = {**os.environ, "HF_HUB_OFFLINE": "0", "HF_ENDPOINT": spec["endpoint"]}
    subprocess.run([sys.executable, __file__, folder, python], env=environment, check=True)
    for name, content in listing(python).items():
        results.facts[f"cache/{name}"] = content

    model = AutoModelForMaskedLM.from_pretrained(spec["id"], cache_dir=ours)
    tokenizer = AutoTokenizer.from_pretrained(spec["id"], cache_dir=ours)
    results.add_parameters("downloaded by the other side", model)
    results.facts["downloaded by the other side/tokens"] = tokenizer(spec["text"])["input_ids"]


def listing(folder):
    """Every file by its SHA-256, every link by its target; locks are each side's own."""
    found = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() or name.startswith(".locks"):
            continue
        found[name] = f"-> {os.readlink(path)}" if path.is_symlink() else hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def download(folder, cache):
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import EntryNotFoundError

    spec = read_json(folder, "hub-cache.json")
    for name in spec["present"]:
        hf_hub_download(spec["id"], name, cache_dir=cache)
    for name in spec["absent"]:
        try:
            hf_hub_download(spec["id"], name, cache_dir=cache)
        except EntryNotFoundError:
            continue
        raise AssertionError(f"{name} should not be there")


if __name__ == "__main__":
    download(Path(sys.argv[1]), Path(sys.argv[2]))
