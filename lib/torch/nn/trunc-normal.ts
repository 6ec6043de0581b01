/** torch.nn.init.trunc_normal_ */

import { float64 } from '../dtype.js'
import { no_grad } from '../modes.js'
import type { Generator } from '../random.js'
import type { Tensor } from '../tensor.js'
import { named, type Rest } from './arguments.js'
import { aten } from './aten.js'

interface TruncNormalOptions {
  /** Default 0. */
  mean?: number
  /** Default 1. */
  std?: number
  /** Lower end, default -2. */
  a?: number
  /** Upper end, default 2. */
  b?: number
  generator?: Generator | null
}
const names = ['mean', 'std', 'a', 'b', 'generator'] as const
type Names = typeof names

const erf = (x: number) => aten.scalar_tensor(x, { dtype: float64 }).erf().item()
const normalCdf = (x: number) => (1 + erf(x / Math.sqrt(2))) / 2

/** torch.nn.init.trunc_normal_: a normal distribution drawn again where it leaves [a, b]. */
export function trunc_normal_(tensor: Tensor, ...rest: Rest<TruncNormalOptions, Names>): Tensor {
  const {
    mean = 0,
    std = 1,
    a = -2,
    b = 2,
    generator,
  } = named<TruncNormalOptions>('trunc_normal_', rest, names)
  const inside = normalCdf((b - mean) / std) - normalCdf((a - mean) / std)
  const draw = inside > 0.3 ? drawNormals : drawByRejection
  return no_grad(() => draw(tensor, { mean, std, a, b, generator }))
}

type Drawing = TruncNormalOptions & { mean: number; std: number; a: number; b: number }

function drawNormals(tensor: Tensor, { mean, std, a, b, generator }: Drawing): Tensor {
  // The ends in the tensor's own precision, which is what its values are compared with.
  const [low, high] = aten
    .stack([aten.scalar_tensor(a, { dtype: tensor.dtype }), aten.scalar_tensor(b, { dtype: tensor.dtype })])
    .tolist() as [number, number]
  let result = tensor.normal_(mean, std, { generator })
  for (;;) {
    const outside = result.lt(low).logical_or(result.gt(high))
    if (!outside.any().item()) break
    result = aten.where(outside, aten.empty_like(result).normal_(mean, std, { generator }), result)
  }
  return result === tensor ? tensor : tensor.copy_(result)
}

// Uniform candidates, accepted as often as the density is high: for ends far from the mean.
function drawByRejection(tensor: Tensor, { mean, std, a, b, generator }: Drawing): Tensor {
  const peak = (Math.max(a, Math.min(mean, b)) - mean) / std
  const logPeak = -0.5 * (peak * peak)
  const candidates = aten.empty_like(tensor)
  const chance = aten.empty_like(tensor)
  const rejected = () => {
    candidates.sub_(mean).div_(std).pow_(2).mul_(-0.5).sub_(logPeak)
    return chance.uniform_(0, 1, { generator }).log_().gt(candidates)
  }
  tensor.uniform_(a, b, { generator })
  candidates.copy_(tensor)
  let pending = rejected()
  let result = tensor
  while (pending.any().item()) {
    candidates.uniform_(a, b, { generator })
    result = aten.where(pending, candidates, result)
    pending = aten.where(pending, rejected(), pending)
  }
  return result === tensor ? tensor : tensor.copy_(result)
}
