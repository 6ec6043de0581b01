"""Golden layers and losses of torch.nn: initial state, output, gradients, printed form; a small network's training.

  python scripts/golden/nn.py   with scripts/python/requirements.txt, writes test/fixtures/nn

Dropout is 0 or off: its masks differ between makers of CPUs. `npm run parity` compares dropout, live.
"""

import json
import math
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import init

ROOT = Path(__file__).parents[2]
OUT = ROOT / "test" / "fixtures" / "nn"
sys.path.insert(0, str(ROOT / "scripts" / "parity"))
from nn_training import train  # noqa: E402


def normal(*shape):
    return torch.randn(shape, requires_grad=True)


def whole(high, *shape):
    return torch.randint(high, shape)


def signs(n):
    return torch.randint(2, (n,)).float() * 2 - 1


def head(*layers):
    return nn.Sequential(*layers)


def encoder(**options):
    layer = nn.TransformerEncoderLayer(8, 2, dim_feedforward=12, dropout=0.0, **options)
    return nn.TransformerEncoder(layer, 2, norm=nn.LayerNorm(8))


CAUSAL = nn.Transformer.generate_square_subsequent_mask(4)
PADDING = torch.tensor([[False, False, False, True], [False, False, True, True]])

# name: (constructor, inputs, keyword tensors of the call)
LAYERS = {
    "identity": (lambda: nn.Identity(), lambda: [normal(2, 3)]),
    "linear": (lambda: nn.Linear(5, 3), lambda: [normal(2, 4, 5)]),
    "linear-no-bias": (lambda: nn.Linear(5, 3, bias=False), lambda: [normal(4, 5)]),
    "bilinear": (lambda: nn.Bilinear(3, 4, 2), lambda: [normal(5, 3), normal(5, 4)]),
    "flatten": (lambda: nn.Flatten(), lambda: [normal(2, 3, 4)]),
    "unflatten": (lambda: nn.Unflatten(1, (2, 3)), lambda: [normal(2, 6)]),
    "embedding": (lambda: nn.Embedding(7, 4, padding_idx=-1), lambda: [whole(7, 3, 5)]),
    "embedding-max-norm": (lambda: nn.Embedding(7, 4, max_norm=1.0), lambda: [whole(7, 3, 5)]),
    "embedding-bag": (lambda: nn.EmbeddingBag(7, 4), lambda: [whole(7, 3, 5)]),
    "embedding-bag-sum": (
        lambda: nn.EmbeddingBag(7, 4, mode="sum", padding_idx=2),
        lambda: [whole(7, 9), torch.tensor([0, 4, 4]), normal(9)],
    ),
    "embedding-bag-max": (lambda: nn.EmbeddingBag(7, 4, mode="max"), lambda: [whole(7, 3, 5)]),
    "layer-norm": (lambda: nn.LayerNorm((3, 4)), lambda: [normal(2, 3, 4)]),
    "layer-norm-no-bias": (lambda: nn.LayerNorm(4, 1e-6, bias=False), lambda: [normal(2, 3, 4)]),
    "rms-norm": (lambda: nn.RMSNorm(4), lambda: [normal(2, 3, 4)]),
    "group-norm": (lambda: nn.GroupNorm(2, 4), lambda: [normal(2, 4, 3)]),
    "batch-norm": (lambda: nn.BatchNorm1d(4), lambda: [normal(6, 4)]),
    "batch-norm-cumulative": (lambda: nn.BatchNorm1d(4, momentum=None), lambda: [normal(6, 4, 3)]),
    "batch-norm-eval": (lambda: nn.BatchNorm1d(4).eval(), lambda: [normal(6, 4)]),
    "batch-norm-untracked": (
        lambda: nn.BatchNorm1d(4, track_running_stats=False, affine=False).eval(),
        lambda: [normal(6, 4)],
    ),
    "dropout-eval": (lambda: nn.Dropout(0.3).eval(), lambda: [normal(3, 4)]),
    "relu": (lambda: nn.ReLU(), lambda: [normal(3, 4)]),
    "gelu": (lambda: nn.GELU(), lambda: [normal(3, 4)]),
    "gelu-tanh": (lambda: nn.GELU(approximate="tanh"), lambda: [normal(3, 4)]),
    "silu": (lambda: nn.SiLU(), lambda: [normal(3, 4)]),
    "mish": (lambda: nn.Mish(), lambda: [normal(3, 4)]),
    "selu": (lambda: nn.SELU(), lambda: [normal(3, 4)]),
    "tanh": (lambda: nn.Tanh(), lambda: [normal(3, 4)]),
    "sigmoid": (lambda: nn.Sigmoid(), lambda: [normal(3, 4)]),
    "log-sigmoid": (lambda: nn.LogSigmoid(), lambda: [normal(3, 4)]),
    "softsign": (lambda: nn.Softsign(), lambda: [normal(3, 4)]),
    "tanhshrink": (lambda: nn.Tanhshrink(), lambda: [normal(3, 4)]),
    "leaky-relu": (lambda: nn.LeakyReLU(0.2), lambda: [normal(3, 4)]),
    "elu": (lambda: nn.ELU(), lambda: [normal(3, 4)]),
    "softplus": (lambda: nn.Softplus(), lambda: [normal(3, 4)]),
    "hardtanh": (lambda: nn.Hardtanh(), lambda: [normal(3, 4)]),
    "prelu": (lambda: nn.PReLU(4), lambda: [normal(3, 4)]),
    "softmax": (lambda: nn.Softmax(dim=-1), lambda: [normal(3, 4)]),
    "log-softmax": (lambda: nn.LogSoftmax(dim=1), lambda: [normal(3, 4)]),
    "glu": (lambda: nn.GLU(), lambda: [normal(3, 4)]),
    "conv1d": (lambda: nn.Conv1d(4, 6, 3, stride=2, padding=1, groups=2), lambda: [normal(2, 4, 9)]),
    "conv1d-same": (lambda: nn.Conv1d(4, 3, 2, padding="same", dilation=2, bias=False), lambda: [normal(2, 4, 9)]),
    "conv1d-reflect": (lambda: nn.Conv1d(2, 3, 3, padding=2, padding_mode="reflect"), lambda: [normal(2, 2, 7)]),
    "lstm": (lambda: nn.LSTM(3, 4), lambda: [normal(5, 2, 3)]),
    "lstm-deep": (
        lambda: nn.LSTM(3, 4, num_layers=2, batch_first=True, bidirectional=True, proj_size=2),
        lambda: [normal(2, 5, 3)],
    ),
    "lstm-unbatched": (lambda: nn.LSTM(3, 4, bias=False), lambda: [normal(5, 3)]),
    "gru": (lambda: nn.GRU(3, 4, 2, batch_first=True), lambda: [normal(2, 5, 3), normal(2, 2, 4)]),
    "rnn-relu": (lambda: nn.RNN(3, 4, nonlinearity="relu"), lambda: [normal(5, 2, 3)]),
    "attention": (lambda: nn.MultiheadAttention(8, 2), lambda: [normal(4, 2, 8), normal(3, 2, 8), normal(3, 2, 8)]),
    "attention-widths": (
        lambda: nn.MultiheadAttention(8, 2, kdim=5, vdim=6, add_bias_kv=True, add_zero_attn=True, batch_first=True),
        lambda: [normal(2, 4, 8), normal(2, 3, 5), normal(2, 3, 6)],
    ),
    "encoder-layer": (
        lambda: nn.TransformerEncoderLayer(8, 2, 12, 0.0, batch_first=True),
        lambda: [normal(2, 4, 8), None, PADDING],
    ),
    "encoder-layer-norm-first": (
        lambda: nn.TransformerEncoderLayer(8, 2, 12, 0.0, "gelu", norm_first=True, bias=False),
        lambda: [normal(4, 2, 8), CAUSAL],
    ),
    "encoder": (lambda: encoder(batch_first=True), lambda: [normal(2, 4, 8), CAUSAL]),
    "encoder-padded": (lambda: encoder(batch_first=True), lambda: [normal(2, 4, 8), CAUSAL, PADDING.float() * -1e4]),
    "sequential": (
        lambda: head(nn.Linear(4, 6), nn.ReLU(inplace=True), head(nn.Dropout(0.0), nn.Linear(6, 2))),
        lambda: [normal(3, 4)],
    ),
    "cross-entropy": (lambda: nn.CrossEntropyLoss(), lambda: [normal(6, 4), whole(4, 6)]),
    "cross-entropy-all": (
        lambda: nn.CrossEntropyLoss(torch.tensor([1.0, 2.0, 0.5, 3.0]), ignore_index=1, label_smoothing=0.1),
        lambda: [normal(2, 4, 3), whole(4, 2, 3)],
    ),
    "cross-entropy-none": (lambda: nn.CrossEntropyLoss(reduction="none"), lambda: [normal(6, 4), whole(4, 6)]),
    "cross-entropy-soft": (
        lambda: nn.CrossEntropyLoss(reduction="sum"),
        lambda: [normal(6, 4), normal(6, 4).detach().softmax(1)],
    ),
    "nll": (
        lambda: nn.NLLLoss(torch.tensor([1.0, 2.0, 0.5, 3.0]), ignore_index=2),
        lambda: [normal(6, 4), whole(4, 6)],
    ),
    "bce": (
        lambda: nn.BCELoss(weight=torch.tensor([1.0, 2.0])),
        lambda: [normal(3, 2).detach().sigmoid().requires_grad_(), torch.rand(3, 2)],
    ),
    "bce-logits": (
        lambda: nn.BCEWithLogitsLoss(pos_weight=torch.tensor([1.0, 2.0])),
        lambda: [normal(3, 2), torch.rand(3, 2)],
    ),
    "mse": (lambda: nn.MSELoss(), lambda: [normal(3, 2), normal(3, 2)]),
    "l1": (lambda: nn.L1Loss(reduction="sum"), lambda: [normal(3, 2), normal(3, 2)]),
    "smooth-l1": (lambda: nn.SmoothL1Loss(beta=0.5), lambda: [normal(3, 2), normal(3, 2)]),
    "huber": (lambda: nn.HuberLoss(delta=0.5), lambda: [normal(3, 2), normal(3, 2)]),
    "kl": (
        lambda: nn.KLDivLoss(reduction="batchmean"),
        lambda: [normal(3, 4), normal(3, 4).detach().softmax(1)],
    ),
    "kl-log": (lambda: nn.KLDivLoss(reduction="sum", log_target=True), lambda: [normal(3, 4), normal(3, 4)]),
    "cosine-embedding": (lambda: nn.CosineEmbeddingLoss(0.2), lambda: [normal(5, 3), normal(5, 3), signs(5)]),
    "margin-ranking": (lambda: nn.MarginRankingLoss(0.3), lambda: [normal(5), normal(5), signs(5)]),
    "hinge-embedding": (lambda: nn.HingeEmbeddingLoss(), lambda: [normal(5), signs(5)]),
    "triplet": (
        lambda: nn.TripletMarginLoss(0.5, swap=True),
        lambda: [normal(4, 3), normal(4, 3), normal(4, 3)],
    ),
}

# Layers that are a function with its options, and the losses of rarer kinds.
LAYERS |= {
    "avg-pool1d": (lambda: nn.AvgPool1d(3, 2, padding=1), lambda: [normal(2, 3, 8)]),
    "avg-pool2d": (lambda: nn.AvgPool2d((2, 3), ceil_mode=True, divisor_override=5), lambda: [normal(2, 3, 5, 7)]),
    "avg-pool3d": (lambda: nn.AvgPool3d(2, count_include_pad=False, padding=1), lambda: [normal(1, 2, 4, 4, 4)]),
    "max-pool1d": (lambda: nn.MaxPool1d(3, stride=2, dilation=2), lambda: [normal(2, 3, 9)]),
    "max-pool2d": (lambda: nn.MaxPool2d((2, 3), padding=(1, 0), return_indices=True), lambda: [normal(2, 3, 5, 7)]),
    "max-pool3d": (lambda: nn.MaxPool3d(2, ceil_mode=True), lambda: [normal(1, 2, 3, 4, 5)]),
    "max-unpool1d": (
        lambda: nn.MaxUnpool1d(2),
        lambda: [normal(1, 2, 3), torch.tensor([[[0, 3, 5], [1, 2, 4]]])],
    ),
    "max-unpool2d": (lambda: nn.MaxUnpool2d(2), lambda: [normal(1, 1, 2, 2), torch.tensor([[[[0, 3], [8, 10]]]])]),
    "lp-pool1d": (lambda: nn.LPPool1d(2, 3), lambda: [normal(2, 3, 9)]),
    "lp-pool2d": (lambda: nn.LPPool2d(1.5, (2, 3), 2, True), lambda: [normal(2, 3, 5, 7).detach().abs()]),
    "lp-pool3d": (lambda: nn.LPPool3d(math.inf, 2), lambda: [normal(1, 2, 4, 4, 4)]),
    "adaptive-avg-pool1d": (lambda: nn.AdaptiveAvgPool1d(3), lambda: [normal(2, 3, 8)]),
    "adaptive-avg-pool2d": (lambda: nn.AdaptiveAvgPool2d((2, None)), lambda: [normal(2, 3, 5, 4)]),
    "adaptive-avg-pool3d": (lambda: nn.AdaptiveAvgPool3d(2), lambda: [normal(1, 2, 3, 4, 5)]),
    "adaptive-max-pool1d": (lambda: nn.AdaptiveMaxPool1d(3, return_indices=True), lambda: [normal(2, 3, 8)]),
    "adaptive-max-pool2d": (lambda: nn.AdaptiveMaxPool2d((None, 2)), lambda: [normal(2, 3, 5, 4)]),
    "adaptive-max-pool3d": (lambda: nn.AdaptiveMaxPool3d(2), lambda: [normal(1, 2, 3, 4, 5)]),
    "fractional-max-pool2d": (
        lambda: nn.FractionalMaxPool2d(2, output_size=(3, 2), _random_samples=torch.full((2, 3, 2), 0.3)),
        lambda: [normal(2, 3, 6, 5)],
    ),
    "fractional-max-pool3d": (
        lambda: nn.FractionalMaxPool3d(2, output_ratio=0.5, _random_samples=torch.full((1, 2, 3), 0.7)),
        lambda: [normal(1, 2, 6, 5, 4)],
    ),
    "unfold": (lambda: nn.Unfold((2, 3), padding=1), lambda: [normal(2, 3, 4, 5)]),
    "fold": (lambda: nn.Fold((4, 5), kernel_size=(2, 2)), lambda: [normal(2, 12, 12)]),
    "pixel-shuffle": (lambda: nn.PixelShuffle(2), lambda: [normal(1, 8, 2, 3)]),
    "pixel-unshuffle": (lambda: nn.PixelUnshuffle(2), lambda: [normal(1, 2, 4, 6)]),
    "channel-shuffle": (lambda: nn.ChannelShuffle(2), lambda: [normal(1, 4, 2, 2)]),
    "upsample": (lambda: nn.Upsample(scale_factor=2), lambda: [normal(1, 2, 3)]),
    "upsample-bilinear": (
        lambda: nn.Upsample((3, 4), mode="bilinear", align_corners=True),
        lambda: [normal(1, 2, 2, 3)],
    ),
    "upsampling-nearest2d": (lambda: nn.UpsamplingNearest2d(scale_factor=2), lambda: [normal(1, 2, 2, 3)]),
    "upsampling-bilinear2d": (lambda: nn.UpsamplingBilinear2d(scale_factor=1.5), lambda: [normal(1, 2, 2, 4)]),
    "local-response-norm": (lambda: nn.LocalResponseNorm(2), lambda: [normal(2, 5, 3)]),
    "local-response-norm-4d": (lambda: nn.LocalResponseNorm(3, alpha=0.1, k=2.5), lambda: [normal(2, 5, 3, 2)]),
    "cosine-similarity": (lambda: nn.CosineSimilarity(dim=-1), lambda: [normal(3, 4), normal(3, 4)]),
    "pairwise-distance": (lambda: nn.PairwiseDistance(p=1, keepdim=True), lambda: [normal(3, 4), normal(3, 4)]),
    "constant-pad1d": (lambda: nn.ConstantPad1d(2, 3.5), lambda: [normal(1, 2, 3)]),
    "constant-pad2d": (lambda: nn.ConstantPad2d((1, 0, 2, 1), 0.5), lambda: [normal(1, 2, 3, 2)]),
    "zero-pad2d": (lambda: nn.ZeroPad2d(1), lambda: [normal(1, 2, 3, 2)]),
    "reflection-pad1d": (lambda: nn.ReflectionPad1d((2, 1)), lambda: [normal(1, 2, 4)]),
    "replication-pad3d": (lambda: nn.ReplicationPad3d(1), lambda: [normal(1, 1, 2, 2, 2)]),
    "circular-pad1d": (lambda: nn.CircularPad1d(1), lambda: [normal(1, 2, 4)]),
    "celu": (lambda: nn.CELU(1.5), lambda: [normal(3, 4)]),
    "relu6": (lambda: nn.ReLU6(), lambda: [normal(3, 4)]),
    "hardsigmoid": (lambda: nn.Hardsigmoid(), lambda: [normal(3, 4)]),
    "hardswish": (lambda: nn.Hardswish(), lambda: [normal(3, 4)]),
    "hardshrink": (lambda: nn.Hardshrink(), lambda: [normal(3, 4)]),
    "softshrink": (lambda: nn.Softshrink(0.25), lambda: [normal(3, 4)]),
    "rrelu-eval": (lambda: nn.RReLU().eval(), lambda: [normal(3, 4)]),
    "threshold": (lambda: nn.Threshold(0.1, 20), lambda: [normal(3, 4)]),
    "softmin": (lambda: nn.Softmin(1), lambda: [normal(3, 4)]),
    "softmax2d": (lambda: nn.Softmax2d(), lambda: [normal(2, 3, 2, 2)]),
    "dropout1d-eval": (lambda: nn.Dropout1d(0.2).eval(), lambda: [normal(3, 4)]),
    "dropout2d-eval": (lambda: nn.Dropout2d().eval(), lambda: [normal(2, 3, 2, 2)]),
    "dropout3d-eval": (lambda: nn.Dropout3d().eval(), lambda: [normal(2, 3, 2, 2, 1)]),
    "feature-alpha-dropout-eval": (lambda: nn.FeatureAlphaDropout().eval(), lambda: [normal(2, 3, 2)]),
    "soft-margin": (lambda: nn.SoftMarginLoss(), lambda: [normal(5), signs(5)]),
    "multi-margin": (
        lambda: nn.MultiMarginLoss(p=2, margin=0.5, weight=torch.tensor([1.0, 2.0, 0.5])),
        lambda: [normal(4, 3), whole(3, 4)],
    ),
    "multilabel-margin": (
        lambda: nn.MultiLabelMarginLoss(reduction="sum"),
        lambda: [normal(2, 4), torch.tensor([[3, 0, -1, 1], [2, -1, 0, 0]])],
    ),
    "multilabel-soft-margin": (
        lambda: nn.MultiLabelSoftMarginLoss(torch.tensor([1.0, 2.0, 0.5])),
        lambda: [normal(4, 3), torch.rand(4, 3)],
    ),
    "multilabel-soft-margin-none": (
        lambda: nn.MultiLabelSoftMarginLoss(reduction="none"),
        lambda: [normal(4, 3), torch.rand(4, 3)],
    ),
    "poisson": (lambda: nn.PoissonNLLLoss(full=True), lambda: [normal(4), whole(5, 4).float()]),
    "poisson-rate": (
        lambda: nn.PoissonNLLLoss(log_input=False, eps=1e-3, reduction="sum"),
        lambda: [torch.rand(4).requires_grad_(), whole(5, 4).float()],
    ),
    "gaussian": (lambda: nn.GaussianNLLLoss(), lambda: [normal(4, 3), normal(4, 3), torch.rand(4)]),
    "gaussian-full": (
        lambda: nn.GaussianNLLLoss(full=True, reduction="none"),
        lambda: [normal(4, 3), normal(4, 3), torch.rand(4, 1)],
    ),
    "ctc": (
        lambda: nn.CTCLoss(blank=1),
        lambda: [
            normal(6, 2, 4).detach().log_softmax(2).requires_grad_(),
            torch.tensor([[0, 2, 3], [3, 3, 0]]),
            torch.tensor([6, 5]),
            torch.tensor([3, 2]),
        ],
    ),
    "batch-norm2d": (lambda: nn.BatchNorm2d(3, momentum=None), lambda: [normal(2, 3, 2, 4)]),
    "batch-norm3d-eval": (lambda: nn.BatchNorm3d(2).eval(), lambda: [normal(2, 2, 2, 2, 1)]),
    "instance-norm1d": (lambda: nn.InstanceNorm1d(3), lambda: [normal(3, 5)]),
    "instance-norm2d": (lambda: nn.InstanceNorm2d(3, affine=True), lambda: [normal(2, 3, 2, 4)]),
    "instance-norm3d": (
        lambda: nn.InstanceNorm3d(2, momentum=0.3, track_running_stats=True),
        lambda: [normal(2, 2, 2, 2, 1)],
    ),
    "rnn-cell": (lambda: nn.RNNCell(3, 4, nonlinearity="relu"), lambda: [normal(2, 3), normal(2, 4)]),
    "rnn-cell-alone": (lambda: nn.RNNCell(3, 4, bias=False), lambda: [normal(3)]),
    "gru-cell": (lambda: nn.GRUCell(3, 4), lambda: [normal(2, 3), normal(2, 4)]),
    "lstm-cell": (lambda: nn.LSTMCell(3, 4), lambda: [normal(2, 3)]),
    "decoder-layer": (
        lambda: nn.TransformerDecoderLayer(8, 2, 12, 0.0, "gelu", batch_first=True, norm_first=True),
        lambda: [normal(2, 4, 8), normal(2, 3, 8), CAUSAL, None, PADDING.float() * -1e4],
    ),
    "decoder": (
        lambda: nn.TransformerDecoder(nn.TransformerDecoderLayer(8, 2, 12, 0.0), 2, norm=nn.LayerNorm(8)),
        lambda: [normal(4, 2, 8), normal(3, 2, 8), CAUSAL],
    ),
    "triplet-distance": (
        lambda: nn.TripletMarginWithDistanceLoss(distance_function=lambda a, b: (a - b).abs().sum(1), swap=True),
        lambda: [normal(4, 3), normal(4, 3), normal(4, 3)],
    ),
    "triplet-distance-default": (
        lambda: nn.TripletMarginWithDistanceLoss(margin=0.5),
        lambda: [normal(4, 3), normal(4, 3), normal(4, 3)],
    ),
}

INITS = {
    "uniform": lambda t: init.uniform_(t, -1, 2),
    "normal": lambda t: init.normal_(t, 1, 0.5),
    "constant": lambda t: init.constant_(t, 0.3),
    "eye": lambda t: init.eye_(t),
    "xavier-uniform": lambda t: init.xavier_uniform_(t, init.calculate_gain("tanh")),
    "xavier-normal": lambda t: init.xavier_normal_(t, gain=2),
    "kaiming-uniform": lambda t: init.kaiming_uniform_(t, nonlinearity="relu"),
    "kaiming-normal": lambda t: init.kaiming_normal_(t, 0.1, mode="fan_out"),
    "trunc-normal": lambda t: init.trunc_normal_(t, std=0.5, a=-0.6, b=0.6),
    "trunc-normal-tail": lambda t: init.trunc_normal_(t, 0.0, 1.0, 2.0, 4.0),
    "orthogonal": lambda t: init.orthogonal_(t, gain=1.5),
}


def tensors_in(value):
    if isinstance(value, torch.Tensor):
        return [value]
    return [t for part in value if part is not None for t in tensors_in(part)] if value is not None else []


def run(name, make, inputs, tensors, facts):
    torch.manual_seed(0)
    module = make()
    facts[name] = {"printed": repr(module), "state": list(module.state_dict()), "inputs": [], "output": []}
    for key, value in module.state_dict().items():
        tensors[f"{name}/initial/{key}"] = value.clone()
    torch.manual_seed(1)
    given = inputs()
    for i, value in enumerate(given):
        facts[name]["inputs"].append(None if value is None else {"grad": value.requires_grad})
        if value is not None:
            tensors[f"{name}/in/{i}"] = value.detach().clone()
    output = tensors_in(module(*given))
    # Unequal factors, so that every element's gradient counts by itself.
    total = sum((o * torch.arange(1, o.numel() + 1).reshape(o.shape) / o.numel()).sum() for o in output)
    if total.requires_grad:
        total.backward()
    facts[name]["outputs"] = len(output)
    del facts[name]["output"]
    for i, value in enumerate(output):
        tensors[f"{name}/out/{i}"] = value.detach().contiguous().clone()
    for i, value in enumerate(given):
        if value is not None and value.grad is not None:
            tensors[f"{name}/grad-in/{i}"] = value.grad.clone()
    for key, parameter in module.named_parameters():
        if parameter.grad is not None:
            tensors[f"{name}/grad/{key}"] = parameter.grad.clone()
    for key, buffer in module.named_buffers():
        tensors[f"{name}/after/{key}"] = buffer.clone()


def main():
    torch.set_num_threads(1)
    OUT.mkdir(parents=True, exist_ok=True)
    tensors, facts = {}, {}
    for name, (make, inputs) in LAYERS.items():
        run(name, make, inputs, tensors, facts)
    for name, fill in INITS.items():
        for shape in ([6, 4], [4, 6]):
            torch.manual_seed(2)
            tensors[f"init/{name}/{shape[0]}x{shape[1]}"] = fill(torch.empty(shape))
    spec = {"seed": 7, "steps": 200, "dropout": 0.0}
    _, losses, norms = train(spec)
    save_file({"losses": losses, "norms": norms}, OUT / "training.safetensors", {"spec": json.dumps(spec)})
    metadata = {"torch": torch.__version__, "facts": json.dumps(facts)}
    save_file({key: value.contiguous() for key, value in tensors.items()}, OUT / "layers.safetensors", metadata)


main()
