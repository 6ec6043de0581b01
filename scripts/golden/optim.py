"""Golden optimizers, schedules and averages of PyTorch, and the schedules of Transformers.

  python scripts/golden/optim.py   with scripts/python/requirements.txt, writes test/fixtures/optim

optimizers.safetensors: parameters after HALF and STEPS steps on a small problem and the state dict after HALF;
schedules.safetensors: learning rates by step and group; averages.safetensors: averaged parameters.
What cannot be a tensor is JSON in the metadata, where {"tensor": key} stands for a tensor of the file.
"""

import json
from pathlib import Path

import torch
import transformers
from safetensors.torch import save_file
from torch.optim import lr_scheduler, swa_utils

FOLDER = Path(__file__).parents[2] / "test" / "fixtures" / "optim"
VERSIONS = {"torch": torch.__version__, "transformers": transformers.__version__}
STEPS, HALF, RATES = 50, 25, 60
SHAPES = [(6, 4), (4,), (4, 3), (3,)]
# The last parameter takes part from here on, so that the counts of steps differ.
LATE = 3


def adam_cases(name, **options):
    yield name, {"lr": 0.02, **options}
    yield name, {"lr": 0.02, "amsgrad": True, "weight_decay": 0.1, **options}
    yield name, {"lr": 0.02, "maximize": True, "betas": [0.8, 0.99], "eps": 1e-6, **options}


def optimizer_cases():
    for kind in ({"fused": False}, {"fused": False, "foreach": True}, {"fused": True}):
        yield from adam_cases("Adam", **kind)
        yield from adam_cases("AdamW", **kind)
    yield "Adam", {"lr": 0.02, "weight_decay": 0.1, "decoupled_weight_decay": True}
    for kind in ({"foreach": False}, {"foreach": True}, {"fused": True}):
        yield "SGD", {"lr": 0.05, **kind}
        yield "SGD", {"lr": 0.05, "momentum": 0.9, "dampening": 0.1, "weight_decay": 0.01, **kind}
        yield "SGD", {"lr": 0.005, "momentum": 0.9, "nesterov": True, "maximize": True, **kind}
        yield "Adagrad", {"lr": 0.1, **kind}
        yield "Adagrad", {"lr": 0.1, "lr_decay": 0.01, "initial_accumulator_value": 0.1, "weight_decay": 0.1, **kind}
        yield "Adagrad", {"lr": 0.1, "maximize": True, **kind}
    for kind in ({"foreach": False}, {"foreach": True}):
        for name, lr in (("Adamax", 0.02), ("RMSprop", 0.01), ("NAdam", 0.02), ("RAdam", 0.02), ("Adafactor", 0.05)):
            yield name, {"lr": lr, **kind}
            yield name, {"lr": lr, "weight_decay": 0.1, "maximize": True, **kind}
        yield "RMSprop", {"lr": 0.01, "centered": True, "momentum": 0.9, "alpha": 0.9, **kind}
        for name in ("NAdam", "RAdam"):
            yield name, {"lr": 0.02, "weight_decay": 0.1, "decoupled_weight_decay": True, "betas": [0.8, 0.9], **kind}
        yield "Adadelta", {"lr": 1.0, **kind}
        yield "Adadelta", {"lr": 0.5, "rho": 0.8, "eps": 1e-5, "weight_decay": 0.1, "maximize": True, **kind}
        yield "ASGD", {"lr": 0.05, **kind}
        yield "ASGD", {"lr": 0.02, "lambd": 0.01, "alpha": 0.5, "t0": 10, "weight_decay": 0.1, "maximize": True, **kind}
        yield "Rprop", {"lr": 0.01, **kind}
        yield "Rprop", {"lr": 0.02, "etas": [0.3, 1.5], "step_sizes": [1e-4, 0.05], "maximize": True, **kind}
        yield "Adafactor", {"lr": 0.05, "beta2_decay": -0.5, "eps": [1e-6, 1e-2], "d": 2.0, **kind}
    for options in ({}, {"lr": 0.5, "history_size": 3, "max_iter": 6}, {"line_search_fn": "strong_wolfe"}):
        yield "LBFGS", {"max_iter": 4, **options}


def tree(value, key, tensors):
    """The value as JSON, its tensors under names that begin with key."""
    if isinstance(value, torch.Tensor):
        tensors[key] = value.detach().clone().contiguous()
        return {"tensor": key}
    if isinstance(value, dict):
        return {name: tree(item, f"{key}/{name}", tensors) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [tree(item, f"{key}/{i}", tensors) for i, item in enumerate(value)]
    return value


def plain(options):
    return {key: tuple(value) if isinstance(value, list) else value for key, value in options.items()}


def quadratic(params, data, step, late):
    loss = 0.0
    for i, param in enumerate(params):
        if i == len(params) - 1 and step < late:
            continue
        loss = loss + (0.5 * data[f"in/scale/{i}"][step] * (param - data[f"in/target/{i}"]) ** 2).sum()
    return loss


def rosenbrock(params):
    """Through all parameters: they are joined."""
    x = torch.cat([param.reshape(-1) for param in params])
    return (10 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def make_optimizer(name, options, start):
    params = [tensor.clone().requires_grad_() for tensor in start]
    groups = [{"params": params}]
    if name != "LBFGS":
        groups = [{"params": params[:2]}, {"params": params[2:], "lr": options["lr"] / 2}]
    return params, getattr(torch.optim, name)(groups, **plain(options))


def advance(spec, data, params, optimizer, first, last):
    for step in range(first, last):

        def closure(step=step):
            optimizer.zero_grad()
            rosen = spec["class"] == "LBFGS"
            loss = rosenbrock(params) if rosen else quadratic(params, data, step, spec["late"])
            loss.backward()
            return loss

        if spec["class"] == "LBFGS":
            optimizer.step(closure)
        else:
            closure()
            optimizer.step()


def run_optimizer(name, options, data, key, tensors):
    steps, half = (8, 4) if name == "LBFGS" else (STEPS, HALF)
    # PyTorch's fused SGD fails when a parameter joins later.
    late = 0 if name == "SGD" and options.get("fused") else LATE
    spec = {"key": key, "class": name, "options": options, "steps": steps, "half": half, "late": late}
    params, optimizer = make_optimizer(name, options, [data[f"in/start/{i}"] for i in range(len(SHAPES))])
    advance(spec, data, params, optimizer, 0, half)
    spec["state_dict"] = tree(optimizer.state_dict(), f"{key}/state", tensors)
    for i, param in enumerate(params):
        tensors[f"{key}/half/{i}"] = param.detach().clone()
    advance(spec, data, params, optimizer, half, steps)
    for i, param in enumerate(params):
        tensors[f"{key}/end/{i}"] = param.detach().clone()
    return spec


def optimizers():
    torch.manual_seed(1)
    data = {}
    for i, shape in enumerate(SHAPES):
        data[f"in/start/{i}"] = torch.randn(shape)
        data[f"in/target/{i}"] = torch.randn(shape)
        data[f"in/scale/{i}"] = torch.rand(STEPS, *shape) + 0.5
    tensors = dict(data)
    cases = [
        run_optimizer(name, options, data, str(i), tensors) for i, (name, options) in enumerate(optimizer_cases())
    ]
    return tensors, cases


FACTORS = {"decay": lambda step: 0.95**step, "wave": lambda step: 1.0 + 0.1 * ((step % 3) - 1)}
SCHEDULES = [
    {"class": "LambdaLR", "function": "decay"},
    {"class": "MultiplicativeLR", "function": "wave"},
    {"class": "StepLR", "args": [7], "options": {"gamma": 0.5}},
    {"class": "MultiStepLR", "args": [[5, 20, 20, 40]], "options": {"gamma": 0.3}},
    {"class": "ConstantLR", "options": {"factor": 0.25, "total_iters": 9}},
    {"class": "ConstantLR"},
    {"class": "LinearLR", "options": {"start_factor": 0.1, "end_factor": 0.8, "total_iters": 30}},
    {"class": "LinearLR"},
    {"class": "ExponentialLR", "args": [0.93]},
    {"class": "CosineAnnealingLR", "args": [20], "options": {"eta_min": 0.001}},
    {"class": "CosineAnnealingLR", "args": [13]},
    {"class": "CosineAnnealingWarmRestarts", "args": [9], "options": {"T_mult": 2, "eta_min": 0.001}},
    {"class": "CosineAnnealingWarmRestarts", "args": [11]},
    {"class": "PolynomialLR", "options": {"total_iters": 40, "power": 2.0}},
    {"class": "PolynomialLR"},
    {
        "class": "SequentialLR",
        "children": [
            {"class": "LinearLR", "options": {"total_iters": 10}},
            {"class": "CosineAnnealingLR", "args": [15]},
            {"class": "ExponentialLR", "args": [0.9]},
        ],
        "args": [[10, 35]],
    },
    {
        "class": "ChainedScheduler",
        "children": [
            {"class": "ConstantLR", "options": {"factor": 0.5, "total_iters": 6}},
            {"class": "ExponentialLR", "args": [0.97]},
            {"class": "StepLR", "args": [15]},
        ],
    },
    {
        "class": "SequentialLR",
        "children": [
            {"class": "SequentialLR", "children": [{"class": "ConstantLR"}, {"class": "StepLR", "args": [4]}], "args": [[8]]},
            {"class": "PolynomialLR", "options": {"total_iters": 20}},
        ],
        "args": [[25]],
    },
    {"class": "CyclicLR", "args": [0.01, 0.2], "options": {"step_size_up": 7, "step_size_down": 11}},
    {"class": "CyclicLR", "args": [[0.01, 0.02], [0.2, 0.4]], "options": {"step_size_up": 5, "mode": "triangular2"}},
    {
        "class": "CyclicLR",
        "args": [0.01, 0.2],
        "options": {"step_size_up": 6, "mode": "exp_range", "gamma": 0.98},
        "optimizer": "Adam",
    },
    {"class": "OneCycleLR", "args": [0.3], "options": {"total_steps": 60}},
    {
        "class": "OneCycleLR",
        "args": [[0.3, 0.1]],
        "options": {"epochs": 6, "steps_per_epoch": 10, "three_phase": True, "anneal_strategy": "linear"},
        "optimizer": "Adam",
    },
    {"class": "ReduceLROnPlateau", "options": {"patience": 2, "cooldown": 3, "factor": 0.5, "min_lr": 0.01}},
    {
        "class": "ReduceLROnPlateau",
        "options": {"mode": "max", "threshold_mode": "abs", "threshold": 0.05, "patience": 1, "min_lr": [0.001, 0.01]},
    },
    {"class": "SWALR", "args": [0.02], "options": {"anneal_epochs": 17}},
    {"class": "SWALR", "args": [[0.02, 0.03]], "options": {"anneal_strategy": "linear"}},
]
STEPPED = {"num_warmup_steps": 8, "num_training_steps": 50}
NAMED = [
    {"scheduler": "linear", "options": STEPPED},
    {"scheduler": "linear", "options": {"num_warmup_steps": 0, "num_training_steps": 60}},
    {"scheduler": "cosine", "options": STEPPED},
    {"scheduler": "cosine", "options": {**STEPPED, "scheduler_specific_kwargs": {"num_cycles": 1.5}}},
    {"scheduler": "cosine_with_restarts", "options": {**STEPPED, "scheduler_specific_kwargs": {"num_cycles": 3}}},
    {
        "scheduler": "polynomial",
        "options": {**STEPPED, "scheduler_specific_kwargs": {"power": 2.0, "lr_end": 0.001}},
    },
    {"scheduler": "constant", "options": {}},
    {"scheduler": "constant_with_warmup", "options": {"num_warmup_steps": 8}},
    {"scheduler": "inverse_sqrt", "options": {"num_warmup_steps": 8}},
    {"scheduler": "inverse_sqrt", "options": {"num_warmup_steps": 0}},
    {"scheduler": "reduce_lr_on_plateau", "options": {"scheduler_specific_kwargs": {"patience": 3}}},
    {"scheduler": "cosine_with_min_lr", "options": {**STEPPED, "scheduler_specific_kwargs": {"min_lr": 0.01}}},
    {"scheduler": "cosine_warmup_with_min_lr", "options": {**STEPPED, "scheduler_specific_kwargs": {"min_lr_rate": 0.1}}},
    {
        "scheduler": "cosine_warmup_with_min_lr",
        "options": {**STEPPED, "scheduler_specific_kwargs": {"min_lr_rate": 0.1, "warmup_lr_rate": 0.2}},
    },
    *(
        {
            "scheduler": "warmup_stable_decay",
            "options": {
                **STEPPED,
                "scheduler_specific_kwargs": {
                    "num_decay_steps": 12,
                    "warmup_type": kind,
                    "decay_type": kind,
                    "min_lr_ratio": 0.1,
                },
            },
        }
        for kind in ("linear", "cosine", "1-sqrt")
    ),
]


def metric(step):
    """Improves and stalls."""
    return abs(20 - step) / 20 + (step % 4) * 0.02


def new_optimizer(spec):
    params = [{"params": [torch.zeros(1)]}, {"params": [torch.zeros(1)], "lr": 0.05}]
    if spec.get("optimizer") == "Adam":
        return torch.optim.Adam(params, lr=0.5)
    return torch.optim.SGD(params, lr=0.5, momentum=0.9)


def make_schedule(spec, optimizer):
    if "scheduler" in spec:
        return transformers.get_scheduler(spec["scheduler"], optimizer, **spec["options"])
    args, options = spec.get("args", []), spec.get("options", {})
    kind = getattr(lr_scheduler, spec["class"], None) or getattr(swa_utils, spec["class"])
    if "function" in spec:
        return kind(optimizer, FACTORS[spec["function"]])
    if "children" in spec:
        children = [make_schedule(child, optimizer) for child in spec["children"]]
        return kind(children) if spec["class"] == "ChainedScheduler" else kind(optimizer, children, *args)
    return kind(optimizer, *args, **options)


def run_schedule(spec, key, tensors):
    optimizer = new_optimizer(spec)
    schedule = make_schedule(spec, optimizer)
    rates, momenta, saved = [], [], None
    for step in range(RATES + 1):
        rates.append([group["lr"] for group in optimizer.param_groups])
        momenta.append([group["betas"][0] if "betas" in group else group["momentum"] for group in optimizer.param_groups])
        if step == RATES // 2:
            saved = json.loads(json.dumps(schedule.state_dict()).replace("-Infinity", "null").replace("Infinity", "null"))
        if step == RATES:
            break
        optimizer.step()
        if isinstance(schedule, lr_scheduler.ReduceLROnPlateau):
            schedule.step(metric(step))
        elif not (spec.get("class") == "OneCycleLR" and step == RATES - 1):
            schedule.step()
    tensors[f"{key}/rates"] = torch.tensor(rates, dtype=torch.float64)
    tensors[f"{key}/momenta"] = torch.tensor(momenta, dtype=torch.float64)
    return {"key": key, **spec, "state_dict": saved}


AVERAGES = {
    "mean": {},
    "swa": {"avg_fn": swa_utils.get_swa_avg_fn()},
    "ema": {"avg_fn": swa_utils.get_ema_avg_fn(0.9)},
    "swa_multi": {"multi_avg_fn": swa_utils.get_swa_multi_avg_fn()},
    "ema_multi": {"multi_avg_fn": swa_utils.get_ema_multi_avg_fn(0.9)},
}


def averages():
    torch.manual_seed(2)
    tensors = {"in/weight": torch.randn(10, 3, 4), "in/bias": torch.randn(10, 3)}
    for name, options in AVERAGES.items():
        model = torch.nn.Linear(4, 3)
        averaged = swa_utils.AveragedModel(model, **options)
        for weight, bias in zip(tensors["in/weight"], tensors["in/bias"], strict=True):
            model.load_state_dict({"weight": weight, "bias": bias})
            averaged.update_parameters(model)
        for key, value in averaged.state_dict().items():
            tensors[f"{name}/{key}"] = value.clone()
    return tensors


def save(name, tensors, cases):
    metadata = {"cases": json.dumps(cases, separators=(",", ":")), "versions": json.dumps(VERSIONS)}
    save_file(tensors, FOLDER / f"{name}.safetensors", metadata)


def main():
    torch.set_num_threads(1)
    FOLDER.mkdir(parents=True, exist_ok=True)
    save("optimizers", *optimizers())
    rates = {}
    save("schedules", rates, [run_schedule(spec, str(i), rates) for i, spec in enumerate([*SCHEDULES, *NAMED])])
    save("averages", averages(), list(AVERAGES))


if __name__ == "__main__":
    main()
