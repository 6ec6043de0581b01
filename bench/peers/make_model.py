"""Writes a classifier of roberta-base's shape with random weights: `make_model.py FOLDER`."""

import sys

import torch
from transformers import RobertaConfig, RobertaForSequenceClassification

SEED = 20240813

torch.manual_seed(SEED)
config = RobertaConfig(
    vocab_size=50265,
    hidden_size=768,
    num_hidden_layers=12,
    num_attention_heads=12,
    intermediate_size=3072,
    max_position_embeddings=514,
    type_vocab_size=1,
    layer_norm_eps=1e-5,
    num_labels=2,
)
RobertaForSequenceClassification(config).save_pretrained(sys.argv[1])
