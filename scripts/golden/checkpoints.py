"""Golden checkpoints: what torch.save and Transformers write, in every form that is read here, with the values beside them.

  python scripts/golden/checkpoints.py   with scripts/python/requirements.txt, writes test/fixtures/checkpoints
"""

import argparse
import collections
import json
import shutil
import zipfile
from pathlib import Path

import numpy
import safetensors.torch
import torch
import transformers
from transformers import RobertaConfig, RobertaForMaskedLM, RobertaForSequenceClassification

OUTPUT = Path(__file__).parents[2] / "test" / "fixtures" / "checkpoints"


def values():
    """Every kind of value that weights_only=True reads, with NumPy's and argparse's beside them."""
    base = torch.arange(12.0).reshape(3, 4)
    complex_values = torch.tensor([1 + 2j, 3 - 1j])
    shared = [1, [2]]
    return {
        "matrix": base,
        "transposed": base.t(),
        "row": base[1],
        "steps": base[:, ::2],
        "float64": torch.tensor([1.5, -2.0], dtype=torch.float64),
        "float16": torch.tensor([0.5, 65504.0]).half(),
        "bfloat16": torch.tensor([[0.5], [3.0]]).bfloat16(),
        "int64": torch.tensor([2**60, -1]),
        "int32": torch.tensor([2**31 - 1], dtype=torch.int32),
        "int16": torch.tensor([-(2**15)], dtype=torch.int16),
        "int8": torch.tensor([-128], dtype=torch.int8),
        "uint8": torch.tensor([255], dtype=torch.uint8),
        "bool": torch.tensor([True, False]),
        "complex64": complex_values,
        "conj": complex_values.conj(),
        "scalar": torch.tensor(5),
        "empty": torch.empty(0, 3),
        "expanded": torch.ones(1).expand(5),
        "requires_grad": torch.ones(2, requires_grad=True),
        "parameter": torch.nn.Parameter(torch.ones(2)),
        "frozen": torch.nn.Parameter(torch.ones(2), requires_grad=False),
        "int": 3,
        "negative": -70000,
        "big": 2**70,
        "bigNegative": -(2**64) - 1,
        "float": 1.5,
        "infinity": float("inf"),
        "text": "ü€😀",
        "none": None,
        "true": True,
        "tuple": (1, (2, 3), ()),
        "four": (1, 2, 3, 4),
        "list": shared,
        "again": shared,
        "set": {1, 2},
        "bytes": b"\x00\xff",
        "bytearray": bytearray(b"ab"),
        "ordered": collections.OrderedDict(x=1, y=2),
        "counter": collections.Counter("aab"),
        "size": torch.Size([2, 3]),
        "dtype": torch.float16,
        "device": torch.device("cuda", 0),
        "optimizer": {0: {"step": 1.5}, 1: {}},
        "digits": {"0": 1, "1": 2},
        "mixed": {(1, 2): 3, None: 4},
        "namespace": argparse.Namespace(arch="roberta_base", encoder_layers=2),
        "numpyScalar": numpy.float64(2.5),
        "numpyInt": numpy.int64(7),
        "numpyArray": numpy.arange(6, dtype=numpy.int32).reshape(2, 3),
        "numpyFortran": numpy.asfortranarray(numpy.arange(6.0).reshape(2, 3)),
        "numpyBigEndian": numpy.arange(3, dtype=">f4"),
    }


# Their storages have no type, which the byte order of another machine needs.
UNTYPED = {
    "uint16": torch.tensor([1, 65535], dtype=torch.uint16),
    "float8": torch.tensor([1.0, 2.0]).to(torch.float8_e4m3fn),
}


def plain(value):
    """As JSON; what JSON lacks is an object with one key."""
    if isinstance(value, torch.Tensor):
        numbers = value.detach()
        numbers = torch.view_as_real(numbers.resolve_conj()) if numbers.is_complex() else numbers
        numbers = numbers.to(torch.float64) if numbers.is_floating_point() else numbers.to(torch.int64)
        return {
            "tensor": {
                "dtype": str(value.dtype).removeprefix("torch."),
                "shape": list(value.shape),
                "stride": list(value.stride()),
                "offset": value.storage_offset(),
                "requires_grad": value.requires_grad,
                "values": [str(number) for number in numbers.flatten().tolist()],
            }
        }
    if isinstance(value, numpy.ndarray):
        return plain(torch.from_numpy(value.astype(value.dtype.newbyteorder("="))))
    if isinstance(value, numpy.generic):
        return value.item()
    if isinstance(value, argparse.Namespace):
        return plain(vars(value))
    if isinstance(value, torch.dtype):
        return {"dtype": str(value)}
    if isinstance(value, torch.device):
        return {"device": str(value)}
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": list(value)}
    if isinstance(value, set):
        return {"set": sorted(value)}
    if isinstance(value, dict):
        keys = list(value)
        if all(isinstance(key, str) and not key.isdigit() for key in keys) or all(isinstance(key, int) for key in keys):
            return {str(key): plain(item) for key, item in value.items()}
        return {"map": [[plain(key), plain(item)] for key, item in value.items()]}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53:
        return {"bigint": str(value)}
    return {"number": "Infinity"} if value == float("inf") else value


def rewrite(source, target, change):
    """The same archive through another writer, which does not align the data."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))


def big_endian(storages):
    """What a big-endian machine writes: each element turned round."""

    def change(name, data):
        if name.endswith("byteorder"):
            return b"big"
        if "/data/" not in name:
            return data
        width = storages[name.rsplit("/", 1)[1]]
        return numpy.frombuffer(data, f"<u{width}").byteswap().tobytes() if width > 1 else data

    return change


def storage_widths(path):
    """Bytes of a number in each storage of an archive, by its name."""
    widths = {}

    class Reader(torch.serialization.pickle.Unpickler):
        def persistent_load(self, identity):
            _, kind, key, _, _ = identity
            width = torch.empty(0, dtype=kind.dtype).element_size()
            widths[key] = width // 2 if kind.dtype.is_complex else width
            return torch.storage.TypedStorage(identity[4], dtype=kind.dtype)

        def find_class(self, module, name):
            return torch.serialization.StorageType(name) if "Storage" in name else super().find_class(module, name)

    with zipfile.ZipFile(path) as archive:
        name = next(name for name in archive.namelist() if name.endswith("data.pkl"))
        with archive.open(name) as file:
            Reader(file).load()
    return widths


def write_values():
    folder = OUTPUT / "values"
    folder.mkdir()
    everything = {**values(), **UNTYPED}
    torch.save(everything, folder / "zip.pt")
    torch.save(everything, folder / "legacy.pt", _use_new_zipfile_serialization=False)
    torch.save(everything, folder / "protocol4.pt", pickle_protocol=4)
    rewrite(folder / "zip.pt", folder / "unaligned.pt", lambda name, data: data)
    torch.save(values(), folder / "typed.tmp")
    rewrite(folder / "typed.tmp", folder / "big-endian.pt", big_endian(storage_widths(folder / "typed.tmp")))
    (folder / "typed.tmp").unlink()
    (folder / "values.json").write_text(json.dumps(plain(everything), ensure_ascii=False, indent=1) + "\n")


CONFIG = {
    "vocab_size": 14,
    "hidden_size": 8,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 12,
    "max_position_embeddings": 12,
    "type_vocab_size": 1,
    "layer_norm_eps": 1e-5,
}
IDS = torch.tensor([[0, 5, 6, 13, 2], [0, 7, 2, 1, 1]])


def randomized(model, seed):
    """Weights that all matter: those of a new model are mostly near 0 or 1."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for _, parameter in sorted(model.named_parameters()):
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.5)
        if hasattr(model, "lm_head"):
            model.tie_weights()
        # RoBERTa has no token types; a checkpoint of fairseq gives zeros.
        model.roberta.embeddings.token_type_embeddings.weight.zero_()
    return model.eval()


def write_reference(folder, model):
    with torch.no_grad():
        logits = model(IDS, attention_mask=(IDS != 1).long()).logits
    safetensors.torch.save_file({"input_ids": IDS, "logits": logits}, folder / "reference.safetensors")


def old_names(state):
    """As checkpoints that came from TensorFlow or an early transformers have them."""
    renamed = {}
    for name, tensor in state.items():
        name = name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta")
        if name != "lm_head.bias":
            renamed[name] = tensor
    renamed["roberta.embeddings.position_ids"] = torch.arange(12).expand((1, -1))
    return renamed


def write_roberta():
    folder = OUTPUT / "roberta"
    folder.mkdir()
    model = randomized(RobertaForMaskedLM(RobertaConfig(**CONFIG)), 1)
    write_reference(folder, model)
    model.config.save_pretrained(folder)
    state = model.state_dict()
    torch.save(state, folder / "zip.bin")
    torch.save(state, folder / "legacy.bin", _use_new_zipfile_serialization=False)
    torch.save(old_names(state), folder / "old-names.bin")
    torch.save({"epoch": 3, "state_dict": {f"model.{name}": tensor for name, tensor in state.items()}}, folder / "wrapped.ckpt")
    torch.save({name.replace("roberta.", "bert."): tensor for name, tensor in state.items()}, folder / "other-encoder.bin")
    torch.save(
        {name.removeprefix("roberta."): tensor for name, tensor in state.items() if name.startswith("roberta.")},
        folder / "base.bin",
    )
    half = {name: tensor.half() for name, tensor in state.items()}
    torch.save(half, folder / "half.bin")
    model.save_pretrained(OUTPUT / "shards", max_shard_size="2KB")
    model.save_pretrained(OUTPUT / "bin-shards", max_shard_size="2KB", safe_serialization=False)
    for name in ("shards", "bin-shards"):
        (OUTPUT / name / "generation_config.json").unlink(missing_ok=True)


PARTS = {"query": "q_proj", "key": "k_proj", "value": "v_proj"}


def fairseq_names(state):
    """The inverse of transformers' convert_roberta_original_pytorch_checkpoint_to_pytorch.py."""
    encoder = "encoder.sentence_encoder."
    renamed = {encoder + "version": torch.tensor([3.0])}
    for name, tensor in state.items():
        if "token_type_embeddings" in name:
            continue
        for old, new in (
            ("roberta.embeddings.word_embeddings", encoder + "embed_tokens"),
            ("roberta.embeddings.position_embeddings", encoder + "embed_positions"),
            ("roberta.embeddings.LayerNorm", encoder + "layernorm_embedding"),
            ("roberta.encoder.layer", encoder + "layers"),
            ("attention.output.dense", "self_attn.out_proj"),
            ("attention.output.LayerNorm", "self_attn_layer_norm"),
            ("intermediate.dense", "fc1"),
            ("output.dense", "fc2"),
            ("output.LayerNorm", "final_layer_norm"),
            ("lm_head.decoder.weight", "lm_head.weight"),
        ):
            name = name.replace(old, new)
        for old, new in PARTS.items():
            name = name.replace(f"attention.self.{old}", f"self_attn.{new}")
        name = name.replace("classifier.", "classification_heads.mnli.")
        if name == "lm_head.decoder.bias":
            continue
        renamed["encoder." + name if name.startswith("lm_head") else name] = tensor
    return renamed


def as_old_fairseq(state):
    """The encoder was called decoder, and the three projections of attention were one matrix."""
    renamed = {}
    for name, tensor in state.items():
        name = name.replace("encoder.sentence_encoder", "decoder.sentence_encoder").replace("encoder.lm_head", "decoder.lm_head")
        name = name.replace("layernorm_embedding", "emb_layer_norm")
        if ".q_proj." in name:
            others = [state[name.replace("decoder.", "encoder.").replace("q_proj", part)] for part in ("k_proj", "v_proj")]
            kind = name.rsplit(".", 1)[1]
            renamed[name.replace(f"q_proj.{kind}", f"in_proj_{kind}")] = torch.cat([tensor, *others])
        elif ".k_proj." not in name and ".v_proj." not in name:
            renamed[name] = tensor
    return renamed


def write_fairseq():
    """BPE ids 0..7 in another order than the model's own, as dict.txt of the published models has them, and a filler."""
    tokens = ["a", "b", "Ġ", "c", "ab", "Ġc", "<|endoftext|>", "abc"]
    dictionary = "".join(f"{bpe} {100 - i}\n" for i, bpe in enumerate((4, 0, 2, 1, 3, 7, 5, 6))) + "madeupword0000 0\n"
    arguments = {
        "arch": "roberta_base",
        "encoder_attention_heads": 2,
        "encoder_layers": 2,
        "activation_fn": "gelu",
        "dropout": 0.1,
        "attention_dropout": 0.2,
        "pooler_dropout": 0.3,
        "untie_weights_roberta": False,
    }
    lm = randomized(RobertaForMaskedLM(RobertaConfig(**CONFIG)), 2)
    classifier = randomized(RobertaForSequenceClassification(RobertaConfig(**CONFIG, num_labels=3)), 3)
    published = {"args": argparse.Namespace(**arguments), "model": as_old_fairseq(fairseq_names(lm.state_dict()))}
    trained = {"args": None, "cfg": {"model": arguments}, "model": fairseq_names(classifier.state_dict()), "extra_state": {}}
    for name, model, checkpoint in (("masked-lm", lm, published), ("mnli", classifier, trained)):
        folder = OUTPUT / "fairseq" / name
        folder.mkdir(parents=True)
        write_reference(folder, model)
        torch.save(checkpoint, folder / "model.pt", _use_new_zipfile_serialization=name == "mnli")
        (folder / "dict.txt").write_text(dictionary)
        (folder / "encoder.json").write_text(json.dumps({token: i for i, token in enumerate(tokens)}))
        (folder / "vocab.bpe").write_text("#version: 0.2\na b\nĠ c\nab c\n")


def main():
    shutil.rmtree(OUTPUT, ignore_errors=True)
    OUTPUT.mkdir(parents=True)
    write_values()
    write_roberta()
    write_fairseq()
    (OUTPUT / "SOURCE.txt").write_text(
        f"Written by scripts/golden/checkpoints.py with torch {torch.__version__}, transformers "
        f"{transformers.__version__} and numpy {numpy.__version__}. Weights are random; nothing is taken from elsewhere.\n"
    )


if __name__ == "__main__":
    main()
