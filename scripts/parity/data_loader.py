"""The order in which DataLoader and its samplers give examples, interleaved with training that draws dropout."""

import torch
from torch.utils.data import DataLoader, RandomSampler, SequentialSampler, TensorDataset
from transformers import RobertaConfig, RobertaForSequenceClassification

from exchange import read_json

EPOCHS = 3


def loaders(dataset):
    own = torch.Generator().manual_seed(5)
    return {
        "RandomSampler": DataLoader(dataset, sampler=RandomSampler(dataset), batch_size=8),
        "shuffle": DataLoader(dataset, shuffle=True, batch_size=5, drop_last=True),
        "own generator": DataLoader(dataset, shuffle=True, batch_size=8, generator=own),
        "sequential": DataLoader(dataset, sampler=SequentialSampler(dataset), batch_size=16),
    }


def run(folder, results):
    spec = read_json(folder, "data-loader.json")
    rows = spec["rows"]
    generator = torch.Generator().manual_seed(spec["seed"])
    ids = torch.randint(4, spec["config"]["vocab_size"], (rows, spec["length"]), generator=generator)
    labels = torch.randint(0, 2, (rows,), generator=generator)
    results.add_input("ids", ids)
    results.add_input("labels", labels)
    dataset = TensorDataset(torch.arange(rows), ids, labels)
    for name, loader in loaders(dataset).items():
        torch.manual_seed(spec["seed"])
        model = RobertaForSequenceClassification(RobertaConfig(**spec["config"])).train()
        optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, fused=True)
        order, losses = [], []
        for _ in range(EPOCHS):
            for index, input_ids, y in loader:
                loss = model(input_ids=input_ids, labels=y).loss
                loss.backward()
                optimizer.step()
                optimizer.zero_grad()
                order.append(index)
                losses.append(loss)
        results.add(f"{name}/order", torch.cat(order))
        results.add(f"{name}/losses", torch.stack(losses))
        results.add_rng_state(f"{name}/rng_state")
        results.facts[f"{name}/batches"] = len(loader)
