"""Golden .npy files: what numpy.save writes, with the values as lists.

  python scripts/golden/npy.py   with scripts/python/requirements.txt, writes test/fixtures/torch/npy.json
"""

import base64
import io
import json
from pathlib import Path

import numpy

OUTPUT = Path(__file__).parents[2] / "test" / "fixtures" / "torch" / "npy.json"
DTYPES = ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16"]


def entry(name, array, version=None):
    file = io.BytesIO()
    numpy.lib.format.write_array(file, array, version=version, allow_pickle=False)
    numbers = array.astype("c16") if array.dtype.kind == "c" else array
    values = numbers.view("f8").reshape(*array.shape, 2) if array.dtype.kind == "c" and array.ndim else numbers
    values = [numbers.real.item(), numbers.imag.item()] if array.dtype.kind == "c" and not array.ndim else values.tolist()
    return {
        "name": name,
        "dtype": array.dtype.newbyteorder("=").name,
        "file": base64.b64encode(file.getvalue()).decode(),
        "shape": list(array.shape),
        "strides": [stride // array.itemsize for stride in array.strides],
        "values": values,
        "canonical": version is None and array.flags.c_contiguous and array.dtype.isnative,
    }


def main():
    matrix = numpy.arange(6).reshape(2, 3)
    entries = [entry(f"matrix {dtype}", (matrix % 2 if dtype == "?" else matrix).astype(dtype)) for dtype in DTYPES]
    entries += [entry(f"big-endian {dtype}", matrix.astype(f">{dtype}")) for dtype in DTYPES[2:] if dtype != "u1"]
    entries += [entry(f"Fortran order {shape}", numpy.asfortranarray(numpy.arange(24.0).reshape(shape))) for shape in ([4, 6], [2, 3, 4])]
    entries += [entry(f"0-d {dtype}", numpy.array(1, dtype)) for dtype in ("?", "i8", "f4", "c8")]
    entries += [entry(f"shape {shape}", numpy.zeros(shape, "f4")) for shape in ([5], [1], [0], [3, 0, 2], [1] * 30)]
    entries += [entry(f"version {version}", matrix.astype("f4"), version) for version in ((2, 0), (3, 0))]
    lines = ",\n".join(json.dumps(item) for item in entries)
    OUTPUT.write_text(f'{{"numpy": "{numpy.__version__}", "arrays": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
