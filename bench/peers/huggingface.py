"""Python's peer: `huggingface.py FOLDER THREADS`, then one request a line. A function is a kind of work."""

import json
import os
import platform
import sys
import time
from functools import cache
from pathlib import Path

import torch
import transformers
from transformers import RobertaForSequenceClassification, RobertaTokenizerFast

SEED = 0
LEARNING_RATE = 2e-5
BLOCK_SIZE = 1000
SHORT_BLOCK_SIZE = 200
SHORT_TEXT = "The quick brown fox jumps over the lazy dog."
PROBE_SHAPE = (2048, 768, 3072)
PROBE_TIMES = 6

folder = Path(sys.argv[1])
threads = int(sys.argv[2])


@cache
def batches():
    read = json.loads((folder / "batches.json").read_text())
    return {
        name: {key: torch.tensor(rows) for key, rows in batch.items()}
        for name, batch in read.items()
    }


def inputs(batch):
    return {key: batches()[batch][key] for key in ["input_ids", "attention_mask"]}


def new_model():
    return RobertaForSequenceClassification.from_pretrained(folder, attn_implementation="sdpa")


@cache
def model():
    return new_model().eval()


@cache
def trained():
    copy = new_model().train()
    torch.manual_seed(SEED)
    return copy, torch.optim.AdamW(copy.parameters(), lr=LEARNING_RATE, fused=True)


def time_each(times, once):
    milliseconds, results = [], []
    for _ in range(times):
        started = time.perf_counter()
        results.append(once())
        milliseconds.append((time.perf_counter() - started) * 1000)
    return milliseconds, results


def load(batch):
    started = time.perf_counter()
    model()
    loaded = time.perf_counter()
    with torch.no_grad():
        values = model()(**inputs(batch)).logits.flatten().tolist()
    done = time.perf_counter()
    return {"milliseconds": [(loaded - started) * 1000, (done - loaded) * 1000], "values": values}


def forward(batch, times):
    net, given = model(), inputs(batch)
    with torch.no_grad():
        milliseconds, results = time_each(times, lambda: net(**given).logits)
    return {"milliseconds": milliseconds, "values": [x for logits in results for x in logits.flatten().tolist()]}


def step(batch, times):
    net, optimizer = trained()
    given = batches()[batch]

    def once():
        loss = net(**given).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss.item()

    milliseconds, losses = time_each(times, once)
    return {"milliseconds": milliseconds, "values": losses}


def add(grad, times):
    a = torch.tensor([[1, 2], [3, 4]], dtype=torch.float32, requires_grad=grad)
    b = torch.tensor([[5, 6], [7, 8]], dtype=torch.float32)

    def block():
        for _ in range(BLOCK_SIZE):
            total = a.add(b)
        return total

    milliseconds, results = time_each(times, block)
    return {"milliseconds": [ms / BLOCK_SIZE for ms in milliseconds], "values": results[-1].flatten().tolist()}


@cache
def texts():
    read = json.loads((folder / "texts.json").read_text())
    return read["texts"], RobertaTokenizerFast.from_pretrained(read["tokenizer"])


def tokenize(times):
    given, tokenizer = texts()
    milliseconds, results = time_each(
        times, lambda: tokenizer(given, padding=True, truncation=True, max_length=512, return_tensors="np")
    )
    last = results[-1]
    return {"milliseconds": milliseconds, "values": [int(last["input_ids"].sum()), int(last["attention_mask"].sum())]}


def tokenize_short(times):
    tokenizer = texts()[1]

    def block():
        for _ in range(SHORT_BLOCK_SIZE):
            encoded = tokenizer(SHORT_TEXT)
        return encoded["input_ids"]

    milliseconds, results = time_each(times, block)
    return {"milliseconds": [ms / SHORT_BLOCK_SIZE for ms in milliseconds], "values": [sum(results[-1]), len(results[-1])]}


def probe():
    rows, width, columns = PROBE_SHAPE
    x, weight, bias = torch.randn(rows, width), torch.randn(columns, width), torch.randn(columns)
    ops = torch.ops.mkldnn
    packed = ops._reorder_linear_weight(weight, rows)

    def rate(once):
        once()
        milliseconds, _ = time_each(PROBE_TIMES, once)
        return 2 * rows * width * columns / min(milliseconds) / 1e6

    with torch.no_grad():
        return {
            "linear": rate(lambda: torch.nn.functional.linear(x, weight, bias)),
            "packed": rate(lambda: ops._linear_pointwise(x, packed, bias, "none", [], "none")),
        }


WORK = {"load": load, "forward": forward, "step": step, "add": add, "tokenize": tokenize, "tokenizeShort": tokenize_short, "probe": probe}


def main():
    # Replies keep standard output for themselves; whatever libraries print goes to standard error.
    replies = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)

    def send(reply):
        replies.write(json.dumps(reply) + "\n")

    torch.set_num_threads(threads)
    batches()
    send({
        "versions": {
            "Python": platform.python_version(),
            "PyTorch": torch.__version__,
            "Transformers": transformers.__version__,
        }
    })
    for line in sys.stdin:
        try:
            request = json.loads(line)
            send(WORK[request.pop("work")](**request))
        except Exception as error:
            # What PyTorch adds after the first lines is pages long.
            send({"error": f"{type(error).__name__}: {str(error)[:500]}"})


main()
