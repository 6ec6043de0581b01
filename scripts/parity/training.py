"""Training: dropout, weight decay groups, linear warm-up, gradient clipping, AdamW, ragged padded batches."""

import torch
from transformers import RobertaConfig, get_linear_schedule_with_warmup

from exchange import read_json
from models import CLASSES


def make_batches(spec):
    """Random texts of different lengths, padded with 1; masked LM labels a part of the tokens, or one label a row."""
    generator = torch.Generator().manual_seed(spec["seed"])

    def integers(low, high, shape):
        return torch.randint(low, high, shape, generator=generator)

    steps, rows, length = spec["steps"], spec["batch_size"], spec["length"]
    vocabulary = spec["config"]["vocab_size"]
    lengths = integers(3, length + 1, (steps, rows))
    attention_mask = (torch.arange(length) < lengths[..., None]).long()
    input_ids = integers(4, vocabulary, (steps, rows, length)) * attention_mask + (1 - attention_mask)
    input_ids[..., 0] = 0
    if spec["class"] == "masked-lm":
        chosen = (torch.rand(input_ids.shape, generator=generator) < 0.15) & (attention_mask == 1)
        chosen[..., 1] = True
        labels = torch.where(chosen, input_ids, -100)
        input_ids = torch.where(chosen, vocabulary - 1, input_ids)
    else:
        labels = integers(0, spec["config"]["num_labels"], (steps, rows))
    return {"input_ids": input_ids, "attention_mask": attention_mask, "labels": labels}


def parameter_groups(model, weight_decay):
    def decays(name):
        return not name.endswith("bias") and "LayerNorm" not in name and "layer_norm" not in name

    named = list(model.named_parameters())
    return [
        {"params": [p for name, p in named if decays(name)], "weight_decay": weight_decay},
        {"params": [p for name, p in named if not decays(name)], "weight_decay": 0.0},
    ]


def new_model(spec):
    torch.manual_seed(spec["seed"])
    config = RobertaConfig(**spec["config"], attn_implementation=spec["attn_implementation"])
    return CLASSES[spec["class"]](config)


def train(model, spec, batches):
    """Gives the optimizer, and the losses, gradient norms and learning rates of all steps."""
    model.train()
    # Our AdamW is the fused kernel; Python's default on the CPU rounds differently.
    optimizer = torch.optim.AdamW(parameter_groups(model, spec["weight_decay"]), lr=spec["lr"], fused=True)
    scheduler = get_linear_schedule_with_warmup(optimizer, spec["warmup_steps"], spec["steps"])
    losses, norms, rates = [], [], []
    for step in range(spec["steps"]):
        loss = model(**{key: tensor[step] for key, tensor in batches.items()}).loss
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), spec["max_norm"]))
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
        optimizer.zero_grad()
        losses.append(loss.detach())
    return optimizer, torch.stack(losses), torch.stack(norms), torch.tensor(rates, dtype=torch.float64)


def run(folder, results):
    for spec in read_json(folder, "training.json"):
        name = spec["name"]
        batches = make_batches(spec)
        for key, tensor in batches.items():
            results.add_input(f"{name}/{key}", tensor)
        model = new_model(spec)
        optimizer, losses, norms, rates = train(model, spec, batches)
        results.add(f"{name}/losses", losses)
        results.add(f"{name}/norms", norms)
        results.add(f"{name}/rates", rates)
        results.add_parameters(f"{name}/weights", model)
        for moment in ["exp_avg", "exp_avg_sq", "step"]:
            results.add_parameters(f"{name}/{moment}", model, lambda p: optimizer.state[p].get(moment))
        results.add_rng_state(f"{name}/rng_state")
