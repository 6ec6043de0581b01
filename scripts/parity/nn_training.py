"""A small transformer from torch.nn, trained: every layer, dropout, clipping, AdamW."""

import torch
from torch import nn

from exchange import read_json


class Classifier(nn.Module):
    def __init__(self, dropout):
        super().__init__()
        self.embed = nn.Embedding(50, 16, padding_idx=0)
        self.positions = nn.Parameter(nn.init.trunc_normal_(torch.empty(12, 16), std=0.02))
        layer = nn.TransformerEncoderLayer(16, 4, 32, dropout, "gelu", batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, norm=nn.LayerNorm(16))
        self.rnn = nn.GRU(16, 8, batch_first=True, bidirectional=True)
        self.head = nn.Sequential(
            nn.Linear(16, 16), nn.BatchNorm1d(16), nn.Tanh(), nn.Dropout(dropout), nn.Linear(16, 3)
        )

    def forward(self, ids):
        hidden = self.encoder(self.embed(ids) + self.positions, src_key_padding_mask=ids == 0)
        hidden, _ = self.rnn(hidden)
        return self.head(hidden.mean(1))


def train(spec):
    torch.manual_seed(spec["seed"])
    model = Classifier(spec["dropout"])
    criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
    # Our AdamW is the fused kernel; Python's default on the CPU rounds differently.
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, fused=True)
    losses, norms = [], []
    for _ in range(spec["steps"]):
        ids = torch.randint(1, 50, (16, 12))
        lengths = torch.randint(3, 13, (16, 1))
        ids = ids * (torch.arange(12) < lengths)
        loss = criterion(model(ids), ids[:, 0] % 3)
        loss.backward()
        norms.append(nn.utils.clip_grad_norm_(model.parameters(), 1.0))
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.detach())
    return model, torch.stack(losses), torch.stack(norms)


def run(folder, results):
    spec = read_json(folder, "nn-training.json")
    model, losses, norms = train(spec)
    results.add("losses", losses)
    results.add("norms", norms)
    for name, tensor in model.state_dict().items():
        results.add(f"state/{name}", tensor)
    results.add_rng_state("rng_state")
    results.facts["printed"] = repr(model)
