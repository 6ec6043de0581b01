/** torch.nn.functional: negative log-likelihoods of distributions and of alignments. */

import { ArgumentError, ShapeError } from '../../../errors.js'
import { no_grad } from '../../modes.js'
import type { Tensor } from '../../tensor.js'
import { named, type Rest } from '../arguments.js'
import { aten } from '../aten.js'
import { type ReductionOption, reduced, reductionCode } from './reduction.js'

export interface PoissonOptions extends ReductionOption {
  /** Default true: the input is the logarithm of the rate. */
  log_input?: boolean
  /** Add Stirling's approximation of the factorial. */
  full?: boolean
  /** Keeps log(0) away where `log_input` is false; default 1e-8. */
  eps?: number
}
const poissonNames = ['log_input', 'full'] as const

/** torch.nn.functional.poisson_nll_loss: rates against counts. */
export function poisson_nll_loss(
  input: Tensor,
  target: Tensor,
  ...rest: Rest<PoissonOptions, [...typeof poissonNames]>
): Tensor {
  const options = named<PoissonOptions>('poisson_nll_loss', rest, poissonNames, ['eps', 'reduction'])
  const { log_input = true, full = false, eps = 1e-8, reduction } = options
  return aten.poisson_nll_loss(input, target, log_input, full, eps, reductionCode(reduction))
}

export interface GaussianOptions extends ReductionOption {
  /** Add the constant term. */
  full?: boolean
  /** Least variance, default 1e-6. */
  eps?: number
}

/**
 * torch.nn.functional.gaussian_nll_loss: expected values against samples; the variances have the input's shape, or 1
 * or nothing for the last dimension.
 *
 * @throws ArgumentError for a negative variance, ShapeError.
 */
export function gaussian_nll_loss(
  input: Tensor,
  target: Tensor,
  variance: Tensor | number,
  ...rest: Rest<GaussianOptions, ['full', 'eps']>
): Tensor {
  const options = named<GaussianOptions>('gaussian_nll_loss', rest, ['full', 'eps'], ['reduction'])
  const { full = false, eps = 1e-6, reduction } = options
  const given = typeof variance === 'number' ? aten.full_like(input, variance) : fitted(variance, input)
  if (given.lt(0).any().item()) throw new ArgumentError('var has negative entry/entries')
  const safe = given.clone()
  no_grad(() => safe.clamp_({ min: eps }))
  const loss = safe.log().add(input.sub(target).pow(2).div(safe)).mul(0.5)
  return reduced(full ? loss.add(0.5 * Math.log(2 * Math.PI)) : loss, reduction)
}

function fitted(variance: Tensor, input: Tensor): Tensor {
  const { shape } = variance
  if (String(shape) === String(input.shape)) return variance
  if (String(shape) === String(input.shape.slice(0, -1))) return variance.unsqueeze(-1)
  const differing = shape.filter((size, d) => size !== input.shape[d])
  if (shape.length === input.ndim && String(differing) === '1') return variance
  throw new ShapeError(`var is (${shape}), which fits no input of (${input.shape})`)
}

export interface CtcOptions extends ReductionOption {
  /** The class of no label, default 0. */
  blank?: number
  /** 0 instead of an infinite loss (and gradient) for targets that are too long. */
  zero_infinity?: boolean
}

type Lengths = Tensor | readonly number[]

/**
 * torch.nn.functional.ctc_loss: log-probabilities (T, N, C) or (T, C) against label sequences (N, S) or all in one row.
 */
export function ctc_loss(
  log_probs: Tensor,
  targets: Tensor,
  input_lengths: Lengths,
  target_lengths: Lengths,
  ...rest: Rest<CtcOptions, ['blank', 'reduction', 'zero_infinity']>
): Tensor {
  const names = ['blank', 'reduction', 'zero_infinity'] as const
  const { blank = 0, reduction, zero_infinity = false } = named<CtcOptions>('ctc_loss', rest, names)
  const code = reductionCode(reduction)
  if (Array.isArray(input_lengths) && Array.isArray(target_lengths)) {
    return aten.ctc_loss(log_probs, targets, input_lengths, target_lengths, blank, code, zero_infinity)
  }
  const asTensor = (lengths: Lengths): Tensor =>
    Array.isArray(lengths)
      ? aten.stack(lengths.map((length) => aten.full([], length))).long()
      : (lengths as Tensor)
  const [inputs, labels] = [asTensor(input_lengths), asTensor(target_lengths)]
  return aten.ctc_loss(log_probs, targets, inputs, labels, blank, code, zero_infinity)
}
