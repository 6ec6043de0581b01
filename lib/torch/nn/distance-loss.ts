/** torch.nn: losses over pairs and triplets of vectors or scores. */

import type { Tensor } from '../tensor.js'
import { named, type Rest } from './arguments.js'
import * as F from './functional/distance-loss.js'
import { Module } from './module.js'

type PairNames = ['margin']

const pairOptions = (name: string, rest: readonly unknown[]) =>
  named<F.MarginOptions>(name, rest, ['margin'], ['reduction'])

/** torch.nn.CosineEmbeddingLoss: vectors (N, D), targets 1 (alike) or -1 (N). */
export class CosineEmbeddingLoss extends Module<[input1: Tensor, input2: Tensor, target: Tensor], Tensor> {
  readonly #options: F.MarginOptions

  constructor(...rest: Rest<F.MarginOptions, PairNames>) {
    super()
    this.#options = pairOptions('CosineEmbeddingLoss', rest)
  }

  override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return F.cosine_embedding_loss(input1, input2, target, this.#options)
  }
}

/** torch.nn.MarginRankingLoss: target 1 where input1 should rank higher, else -1. */
export class MarginRankingLoss extends Module<[input1: Tensor, input2: Tensor, target: Tensor], Tensor> {
  readonly #options: F.MarginOptions

  constructor(...rest: Rest<F.MarginOptions, PairNames>) {
    super()
    this.#options = pairOptions('MarginRankingLoss', rest)
  }

  override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return F.margin_ranking_loss(input1, input2, target, this.#options)
  }
}

/** torch.nn.HingeEmbeddingLoss: distances, targets 1 (alike) or -1: the contrastive loss with a margin. */
export class HingeEmbeddingLoss extends Module<[input: Tensor, target: Tensor], Tensor> {
  readonly #options: F.MarginOptions

  constructor(...rest: Rest<F.MarginOptions, PairNames>) {
    super()
    this.#options = pairOptions('HingeEmbeddingLoss', rest)
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.hinge_embedding_loss(input, target, this.#options)
  }
}

/** torch.nn.TripletMarginLoss: anchor, positive and negative of (N, D) or (D). */
export class TripletMarginLoss extends Module<[anchor: Tensor, positive: Tensor, negative: Tensor], Tensor> {
  readonly #options: F.TripletOptions

  constructor(...rest: Rest<F.TripletOptions, ['margin', 'p', 'eps', 'swap']>) {
    super()
    const positional = ['margin', 'p', 'eps', 'swap'] as const
    this.#options = named<F.TripletOptions>('TripletMarginLoss', rest, positional, ['reduction'])
  }

  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    return F.triplet_margin_loss(anchor, positive, negative, this.#options)
  }
}
