"""The Python side of `npm run parity`: runs checks and leaves CHECK.safetensors in the folder.

  python main.py FOLDER THREADS CHECK...

A check is a module of this folder with a function `run(folder, results)`.
"""

import importlib
import sys
from pathlib import Path

import torch
import transformers

from exchange import Results

# A module of the check's own name would hide the package.
MODULES = {"tokenizers": "tokenizer_rows"}

folder, threads, checks = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
transformers.utils.logging.set_verbosity_error()
torch.set_num_threads(threads)
for check in checks:
    results = Results()
    importlib.import_module(MODULES.get(check, check.replace("-", "_"))).run(folder, results)
    results.write(folder, check)
