/** The layers and losses of scripts/golden/nn.py, made here. */

import { torch } from '../../../../lib/index.js'
import type { AnyModule } from '../../../../lib/torch/nn/index.js'

const { nn } = torch
const dropout = 0

function encoder() {
  const layer = new nn.TransformerEncoderLayer(8, 2, { dim_feedforward: 12, dropout, batch_first: true })
  return new nn.TransformerEncoder(layer, 2, { norm: new nn.LayerNorm(8) })
}

export const layers: Record<string, () => AnyModule> = {
  identity: () => new nn.Identity(),
  linear: () => new nn.Linear(5, 3),
  'linear-no-bias': () => new nn.Linear(5, 3, false),
  bilinear: () => new nn.Bilinear(3, 4, 2),
  flatten: () => new nn.Flatten(),
  unflatten: () => new nn.Unflatten(1, [2, 3]),
  embedding: () => new nn.Embedding(7, 4, -1),
  'embedding-max-norm': () => new nn.Embedding(7, 4, { max_norm: 1 }),
  'embedding-bag': () => new nn.EmbeddingBag(7, 4),
  'embedding-bag-sum': () => new nn.EmbeddingBag(7, 4, { mode: 'sum', padding_idx: 2 }),
  'embedding-bag-max': () => new nn.EmbeddingBag(7, 4, { mode: 'max' }),
  'layer-norm': () => new nn.LayerNorm([3, 4]),
  'layer-norm-no-bias': () => new nn.LayerNorm(4, 1e-6, { bias: false }),
  'rms-norm': () => new nn.RMSNorm(4),
  'group-norm': () => new nn.GroupNorm(2, 4),
  'batch-norm': () => new nn.BatchNorm1d(4),
  'batch-norm-cumulative': () => new nn.BatchNorm1d(4, { momentum: null }),
  'batch-norm-eval': () => new nn.BatchNorm1d(4).eval(),
  'batch-norm-untracked': () => new nn.BatchNorm1d(4, { track_running_stats: false, affine: false }).eval(),
  'dropout-eval': () => new nn.Dropout(0.3).eval(),
  relu: () => new nn.ReLU(),
  gelu: () => new nn.GELU(),
  'gelu-tanh': () => new nn.GELU({ approximate: 'tanh' }),
  silu: () => new nn.SiLU(),
  mish: () => new nn.Mish(),
  selu: () => new nn.SELU(),
  tanh: () => new nn.Tanh(),
  sigmoid: () => new nn.Sigmoid(),
  'log-sigmoid': () => new nn.LogSigmoid(),
  softsign: () => new nn.Softsign(),
  tanhshrink: () => new nn.Tanhshrink(),
  'leaky-relu': () => new nn.LeakyReLU(0.2),
  elu: () => new nn.ELU(),
  softplus: () => new nn.Softplus(),
  hardtanh: () => new nn.Hardtanh(),
  prelu: () => new nn.PReLU(4),
  softmax: () => new nn.Softmax(-1),
  'log-softmax': () => new nn.LogSoftmax(1),
  glu: () => new nn.GLU(),
  conv1d: () => new nn.Conv1d(4, 6, 3, 2, 1, { groups: 2 }),
  'conv1d-same': () => new nn.Conv1d(4, 3, 2, { padding: 'same', dilation: 2, bias: false }),
  'conv1d-reflect': () => new nn.Conv1d(2, 3, 3, { padding: 2, padding_mode: 'reflect' }),
  lstm: () => new nn.LSTM(3, 4),
  'lstm-deep': () =>
    new nn.LSTM(3, 4, { num_layers: 2, batch_first: true, bidirectional: true, proj_size: 2 }),
  'lstm-unbatched': () => new nn.LSTM(3, 4, { bias: false }),
  gru: () => new nn.GRU(3, 4, 2, { batch_first: true }),
  'rnn-relu': () => new nn.RNN(3, 4, { nonlinearity: 'relu' }),
  attention: () => new nn.MultiheadAttention(8, 2),
  'attention-widths': () =>
    new nn.MultiheadAttention(8, 2, {
      kdim: 5,
      vdim: 6,
      add_bias_kv: true,
      add_zero_attn: true,
      batch_first: true,
    }),
  'encoder-layer': () => new nn.TransformerEncoderLayer(8, 2, 12, dropout, { batch_first: true }),
  'encoder-layer-norm-first': () =>
    new nn.TransformerEncoderLayer(8, 2, 12, dropout, 'gelu', { norm_first: true, bias: false }),
  encoder,
  'encoder-padded': encoder,
  sequential: () =>
    new nn.Sequential(
      new nn.Linear(4, 6),
      new nn.ReLU(true),
      new nn.Sequential(new nn.Dropout(dropout), new nn.Linear(6, 2)),
    ),
  'cross-entropy': () => new nn.CrossEntropyLoss(),
  'cross-entropy-all': () =>
    new nn.CrossEntropyLoss(torch.tensor([1, 2, 0.5, 3]), { ignore_index: 1, label_smoothing: 0.1 }),
  'cross-entropy-none': () => new nn.CrossEntropyLoss({ reduction: 'none' }),
  'cross-entropy-soft': () => new nn.CrossEntropyLoss({ reduction: 'sum' }),
  nll: () => new nn.NLLLoss(torch.tensor([1, 2, 0.5, 3]), { ignore_index: 2 }),
  bce: () => new nn.BCELoss({ weight: torch.tensor([1, 2], { dtype: torch.float32 }) }),
  'bce-logits': () =>
    new nn.BCEWithLogitsLoss({ pos_weight: torch.tensor([1, 2], { dtype: torch.float32 }) }),
  mse: () => new nn.MSELoss(),
  l1: () => new nn.L1Loss({ reduction: 'sum' }),
  'smooth-l1': () => new nn.SmoothL1Loss({ beta: 0.5 }),
  huber: () => new nn.HuberLoss({ delta: 0.5 }),
  kl: () => new nn.KLDivLoss({ reduction: 'batchmean' }),
  'kl-log': () => new nn.KLDivLoss({ reduction: 'sum', log_target: true }),
  'cosine-embedding': () => new nn.CosineEmbeddingLoss(0.2),
  'margin-ranking': () => new nn.MarginRankingLoss(0.3),
  'hinge-embedding': () => new nn.HingeEmbeddingLoss(),
  triplet: () => new nn.TripletMarginLoss(0.5, { swap: true }),
}
