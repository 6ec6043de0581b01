"""A folder that sentence-transformers saved, and the vectors that it makes of texts with each kind of pooling.

  python scripts/golden/sentence_transformers_folder.py FIXTURES

FIXTURES is test/fixtures; writes FIXTURES/sentence-transformers. Needs sentence-transformers 6.2 and transformers 4.57.
"""

import json
import shutil
import sys
from pathlib import Path

import sentence_transformers
import torch
import transformers
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import Dense, LayerNorm, Normalize, Pooling, Transformer
from sentence_transformers.util import cos_sim, dot_score, pairwise_cos_sim, pairwise_dot_score, semantic_search

MODES = ["cls", "max", "mean", "mean_sqrt_len_tokens", "weightedmean", "lasttoken"]
TEXTS = [
    "A man plays a guitar.",
    "no",
    "",
    "  Blanks,\r\nlines and a café 😀; 你好，世界 n\u0303.",
    "word " * 40,
    "The King's guitar, played by a man!",
]
PROMPTS = {"query": "the query is: ", "passage": ""}


def transformer_folder(fixtures, folder):
    tokenizer = transformers.BertTokenizerFast.from_pretrained(fixtures / "tokenizer/bert", model_max_length=64)
    config = transformers.BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=24,
        max_position_embeddings=64,
        initializer_range=0.5,
    )
    torch.manual_seed(5)
    transformers.BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def rows(tensor):
    return [[round(value, 7) for value in row] for row in torch.as_tensor(tensor).tolist()]


def main(fixtures):
    root = fixtures / "sentence-transformers"
    shutil.rmtree(root, ignore_errors=True)
    plain = root / "plain"
    transformer_folder(fixtures, plain)
    transformer = Transformer(str(plain), max_seq_length=24)
    torch.manual_seed(6)
    dense = Dense(32, 8, activation_function=torch.nn.GELU())
    model = SentenceTransformer(
        modules=[transformer, Pooling(16, ["mean", "max"]), dense, LayerNorm(8), Normalize()],
        prompts=PROMPTS,
        default_prompt_name="passage",
        device="cpu",
    )
    model.save(str(root / "whole"), create_model_card=False)
    shutil.rmtree(plain)
    whole = SentenceTransformer(str(root / "whole"), device="cpu")
    golden = {
        "versions": {
            "sentence_transformers": sentence_transformers.__version__,
            "transformers": transformers.__version__,
        },
        "texts": TEXTS,
        "whole": rows(whole.encode(TEXTS)),
        "query": rows(whole.encode(TEXTS, prompt_name="query")),
        "prompt": rows(whole.encode(TEXTS, prompt="Now: ", truncate_dim=5, normalize_embeddings=True)),
        "pooling": {},
        "without_prompt": {},
    }
    for mode in [*MODES, MODES]:
        name = mode if isinstance(mode, str) else "+".join(mode)
        pooled = SentenceTransformer(modules=[whole[0], Pooling(16, mode)], device="cpu")
        golden["pooling"][name] = rows(pooled.encode(TEXTS))
        pooled = SentenceTransformer(modules=[whole[0], Pooling(16, mode, include_prompt=False)], device="cpu")
        golden["without_prompt"][name] = rows(pooled.encode(TEXTS, prompt=PROMPTS["query"]))
    a, b = (torch.tensor(golden["pooling"][mode]) for mode in ("cls", "mean"))
    golden["scores"] = {f.__name__: f(a, b).tolist() for f in (cos_sim, dot_score, pairwise_cos_sim, pairwise_dot_score)}
    golden["search"] = semantic_search(a, b, top_k=3, corpus_chunk_size=4)
    (root / "golden.json").write_text(json.dumps(golden, ensure_ascii=False, separators=(",", ":")) + "\n")
    (root / "SOURCE.txt").write_text(
        "Made by scripts/golden/sentence_transformers_folder.py (versions in golden.json): whole/ is a BERT with random\n"
        "weights over test/fixtures/tokenizer/bert, saved by sentence-transformers with pooling (mean and max joined), a\n"
        "dense layer, a layer norm, normalization and prompts; golden.json what it answers. All of it may be shipped.\n"
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
