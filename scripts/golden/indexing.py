"""Golden index expressions: random x[...] and x[...] = v with what PyTorch makes of them.

  python scripts/golden/indexing.py   with scripts/python/requirements.txt, writes test/fixtures/torch/indexing.json
"""

import json
import random
import warnings
from pathlib import Path

import torch

OUTPUT = Path(__file__).parents[2] / "test" / "fixtures" / "torch" / "indexing.json"
SHAPES = [[], [4], [1], [0], [3, 4], [2, 3, 4], [5, 1, 3], [2, 3, 2, 3], [3, 0, 2]]
warnings.simplefilter("ignore")


def random_slice(size):
    bound = lambda: random.choice([None, random.randint(-size - 2, size + 2)])  # noqa: E731
    return slice(bound(), bound(), random.choice([None, None, 1, 2, 3]))


def random_index(shape, dim):
    """An index for dimension `dim`, and how many dimensions it takes."""
    size = shape[dim]
    kind = random.choice(["int", "slice", "slice", "list", "long", "mask", "scalar", "short"])
    if kind == "int":
        return random.randint(-size - (random.random() < 0.1), max(size - 1, 0)), 1
    if kind == "slice":
        return random_slice(size), 1
    pick = lambda: random.randint(-size, size - 1) if size else 0  # noqa: E731
    if kind == "list":
        return [pick() for _ in range(random.choice([1, 2, 2, 2]))], 1
    if kind == "scalar":
        return torch.tensor(pick()), 1
    if kind == "long":
        index_shape = random.choice([[2], [2], [1], [2, 2], [3, 1], [0]])
        return torch.tensor([pick() for _ in range(torch.Size(index_shape).numel())], dtype=torch.int64).reshape(index_shape), 1
    if kind == "short":
        return torch.tensor([pick(), pick()], dtype=torch.int32), 1
    dims = random.randint(1, min(2, len(shape) - dim))
    mask = torch.rand(shape[dim : dim + dims]) < 0.5
    if dims == 1 and random.random() < 0.3:
        return mask.tolist(), 1
    return mask, dims


def random_expression(shape):
    indices, dim, ellipsis = [], 0, False
    while dim < len(shape) and random.random() < 0.85:
        draw = random.random()
        if draw < 0.1:
            indices.append(None)
        elif draw < 0.15:
            indices.append(random.random() < 0.7)
        elif draw < 0.25 and not ellipsis:
            indices.append(...)
            ellipsis = True
            dim += random.randint(0, len(shape) - dim)
        else:
            index, taken = random_index(shape, dim)
            indices.append(index)
            dim += taken
    if not indices or random.random() < 0.05:
        indices.append(random.choice([None, ..., 0, True, slice(None)]))
    return indices


def encode(index):
    if index is ...:
        return "..."
    if isinstance(index, slice):
        return {"slice": [index.start, index.stop, index.step]}
    if isinstance(index, torch.Tensor):
        return {"tensor": index.tolist(), "shape": list(index.shape), "dtype": str(index.dtype)}
    return index


def attempt(case, compute):
    try:
        case.update(compute())
    except (IndexError, ValueError, RuntimeError, TypeError) as error:
        case["error"] = f"{type(error).__name__}: {error}".split("\n")[0]
    return case


def make_get(shape):
    indices = random_expression(shape)
    x = torch.arange(torch.Size(shape).numel(), dtype=torch.float64).reshape(shape).requires_grad_()

    def compute():
        y = x[tuple(indices)]
        view = y.untyped_storage().data_ptr() == x.untyped_storage().data_ptr()
        result = {"result": list(y.shape), "values": y.flatten().tolist(), "view": view or y.numel() == 0 and y._is_view()}
        if view:
            result |= {"stride": list(y.stride()), "offset": y.storage_offset()}
        (y * torch.arange(1, y.numel() + 1, dtype=torch.float64).reshape(y.shape)).sum().backward()
        return result | {"grad": x.grad.flatten().tolist()}

    return attempt({"shape": shape, "indices": [encode(index) for index in indices]}, compute)


def make_set(shape):
    indices = random_expression(shape)
    x = torch.arange(torch.Size(shape).numel(), dtype=torch.float32).reshape(shape)
    case = {"shape": shape, "indices": [encode(index) for index in indices]}
    try:
        target = list(x[tuple(indices)].shape)
    except (IndexError, ValueError, RuntimeError, TypeError):
        target = []
    draw = random.random()
    if draw < 0.3:
        value = random.choice([-1, 2.5, True])
        case["value"] = value
    else:
        value_shape = [1 if random.random() < 0.2 else size for size in target]
        if draw < 0.45:
            value_shape = value_shape[random.randint(0, len(value_shape)) :]
        elif draw < 0.5:
            value_shape = [1, *value_shape]
        elif draw < 0.55:
            value_shape = [*value_shape, 7]
        value = -torch.arange(1, torch.Size(value_shape).numel() + 1, dtype=torch.float32).reshape(value_shape)
        case["value"] = encode(value)

    def compute():
        x[tuple(indices)] = value
        return {"values": x.flatten().tolist()}

    # With indices that meet one element twice, the order of writes decides: only the same build agrees with itself.
    return attempt(case, compute)


def main():
    random.seed(0)
    torch.manual_seed(0)
    golden = {
        "torch": torch.__version__,
        "get": [make_get(random.choice(SHAPES)) for _ in range(400)],
        "set": [make_set(random.choice(SHAPES)) for _ in range(250)],
    }
    lines = {key: "[\n" + ",\n".join(map(json.dumps, golden[key])) + "\n]" for key in ("get", "set")}
    OUTPUT.write_text(f'{{"torch": "{golden["torch"]}",\n"get": {lines["get"]},\n"set": {lines["set"]}}}\n')


if __name__ == "__main__":
    main()
