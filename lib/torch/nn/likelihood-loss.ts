/** torch.nn: losses that are likelihoods, and those with a distance of one's own. */

import type { Tensor } from '../tensor.js'
import { layer } from './function-layer.js'
import type { TripletDistanceOptions } from './functional/distance-loss.js'
import { functional as F } from './functional/index.js'
import type { CtcOptions, GaussianOptions, PoissonOptions } from './functional/likelihood-loss.js'
import { PairwiseDistance } from './rearrangement.js'

type Pair = [input: Tensor, target: Tensor]

/** torch.nn.PoissonNLLLoss: rates against counts. */
export const PoissonNLLLoss = layer<PoissonOptions, Pair>()('PoissonNLLLoss', {
  names: ['log_input', 'full'],
  keywords: ['eps', 'reduction'],
  run: ({ log_input, full, eps, reduction }, input, target) =>
    F.poisson_nll_loss(input, target, { log_input, full, eps, reduction }),
})

/** torch.nn.GaussianNLLLoss: expected values, samples and variances. */
export const GaussianNLLLoss = layer<GaussianOptions, [...Pair, variance: Tensor | number]>()(
  'GaussianNLLLoss',
  {
    keywords: ['full', 'eps', 'reduction'],
    run: ({ full, eps, reduction }, input, target, variance) =>
      F.gaussian_nll_loss(input, target, variance, { full, eps, reduction }),
  },
)

type Lengths = Tensor | readonly number[]
type CtcInputs = [log_probs: Tensor, targets: Tensor, input_lengths: Lengths, target_lengths: Lengths]

/** torch.nn.CTCLoss: log-probabilities (T, N, C) against label sequences. */
export const CTCLoss = layer<CtcOptions, CtcInputs>()('CTCLoss', {
  names: ['blank', 'reduction', 'zero_infinity'],
  run: ({ blank, reduction, zero_infinity }, ...inputs) =>
    F.ctc_loss(...inputs, { blank, reduction, zero_infinity }),
})

type Triplet = [anchor: Tensor, positive: Tensor, negative: Tensor]

/** torch.nn.TripletMarginWithDistanceLoss */
export const TripletMarginWithDistanceLoss = layer<TripletDistanceOptions, Triplet>()(
  'TripletMarginWithDistanceLoss',
  {
    keywords: ['distance_function', 'margin', 'swap', 'reduction'],
    prepare: ({ distance_function }) => ({ distance_function: distance_function ?? new PairwiseDistance() }),
    run: ({ distance_function, margin, swap, reduction }, ...inputs) =>
      F.triplet_margin_with_distance_loss(...inputs, { distance_function, margin, swap, reduction }),
  },
)
