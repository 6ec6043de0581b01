/** What only sampling uses: the temperature, and filters that leave the likely tokens. */

import { ArgumentError } from '../../errors.js'
import { torch } from '../../torch/index.js'
import type { Tensor } from '../../torch/tensor.js'
import type { LogitsProcessor } from './logits-processor.js'

const never = Number.NEGATIVE_INFINITY

function requireRange(name: string, value: number, isInside: boolean, range: string): void {
  if (!isInside) throw new ArgumentError(`${name} must be ${range}, is ${value}`)
}

/** A filter of the sorted scores as one of the scores; the likeliest token, `kept` in their order, stays. */
function unsorted(sorted: Tensor, indices: Tensor, kept: number): Tensor {
  sorted.select(1, kept).fill_(false)
  return sorted.scatter(1, indices, sorted)
}

/** transformers TemperatureLogitsWarper */
export function temperature(value: number): LogitsProcessor {
  if (!(value > 0)) {
    throw new ArgumentError(`temperature must be above 0, is ${value}`, {
      hint: 'for the most likely token set do_sample: false',
    })
  }
  return (_, scores) => scores.div(value)
}

/** transformers TopKLogitsWarper */
export function topK(value: number): LogitsProcessor {
  requireRange('top_k', value, Number.isInteger(value) && value > 0, 'a whole number above 0')
  return (_, scores) => {
    const [largest] = torch.topk(scores, Math.min(value, scores.size(-1)))
    return scores.masked_fill(scores.lt(largest.slice(1, -1)), never)
  }
}

/** transformers TopPLogitsWarper */
export function topP(value: number): LogitsProcessor {
  requireRange('top_p', value, value >= 0 && value <= 1, 'from 0 to 1')
  return (_, scores) => {
    const [sorted, indices] = torch.sort(scores)
    const unlikely = sorted
      .softmax(-1)
      .cumsum(-1)
      .le(1 - value)
    return scores.masked_fill(unsorted(unlikely, indices, -1), never)
  }
}

/** transformers MinPLogitsWarper */
export function minP(value: number): LogitsProcessor {
  requireRange('min_p', value, value >= 0 && value <= 1, 'from 0 to 1')
  return (_, scores) => {
    const probabilities = scores.softmax(-1)
    const unlikely = probabilities.lt(probabilities.amax(-1, true).mul(value))
    const indices = scores.argsort(-1, true)
    return scores.masked_fill(unsorted(unlikely.gather(-1, indices), indices, 0), never)
  }
}

/** transformers TypicalLogitsWarper */
export function typical(mass: number): LogitsProcessor {
  requireRange('typical_p', mass, mass > 0 && mass < 1, 'between 0 and 1')
  return (_, scores) => {
    const logarithms = scores.log_softmax(-1)
    const entropy = logarithms.mul(logarithms.exp()).nansum(-1, true).neg()
    const [sorted, indices] = torch.sort(logarithms.neg().sub(entropy).abs())
    const reached = scores.gather(-1, indices).softmax(-1).cumsum(-1)
    const last = reached
      .lt(mass)
      .sum(1)
      .clamp(null, sorted.size(-1) - 1)
    const untypical = sorted.gt(sorted.gather(1, last.view(-1, 1)))
    return scores.masked_fill(unsorted(untypical, indices, 0), never)
  }
}

/** Keeps the likeliest token besides those that are not `unlikely`. */
function keepLikeliest(scores: Tensor, unlikely: Tensor): Tensor {
  return scores.masked_fill(unlikely.logical_and(scores.lt(scores.amax(-1, true))), never)
}

/** transformers EpsilonLogitsWarper */
export function epsilon(value: number): LogitsProcessor {
  return (_, scores) => keepLikeliest(scores, scores.softmax(-1).lt(value))
}

/** transformers EtaLogitsWarper */
export function eta(value: number): LogitsProcessor {
  return (_, scores) => {
    // torch.distributions.Categorical.entropy clamps what is minus infinity.
    const normalized = scores.sub(scores.logsumexp(-1, true))
    const entropy = normalized.clamp(torch.finfo(scores.dtype).min).mul(normalized.softmax(-1)).sum(-1).neg()
    const limit = torch.tensor(value, { device: scores.device })
    const cutoff = torch.minimum(limit, limit.sqrt().mul(entropy.neg().exp())).unsqueeze(-1)
    return keepLikeliest(scores, scores.softmax(-1).lt(cutoff))
  }
}
