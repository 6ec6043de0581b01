/** Whether a model's layers are computed again in the backward pass, to keep less until then. */

import { ArgumentError } from '../../errors.js'

/** The arguments of torch.utils.checkpoint that mean something here. */
export interface GradientCheckpointingOptions {
  /** Python's two ways to the same numbers. Here is one, which also trains layers behind frozen embeddings. */
  use_reentrant?: boolean
  /** Default true: dropout draws the same numbers again, so that gradients are those of a model without it. */
  preserve_rng_state?: boolean
}

const known = ['use_reentrant', 'preserve_rng_state'] as const

/** The setting that a model and the one inside it share. */
export class GradientCheckpointing {
  enabled = false
  preserve_rng_state = true

  enable(options: GradientCheckpointingOptions = {}): void {
    for (const [name, value] of Object.entries(options)) {
      if (!known.some((other) => other === name))
        throw new ArgumentError(
          `gradient checkpointing has no option '${name}'; known are ${known.join(', ')}`,
        )
      if (typeof value !== 'boolean') throw new ArgumentError(`${name} must be true or false, is ${value}`)
    }
    this.enabled = true
    this.preserve_rng_state = options.preserve_rng_state ?? true
  }

  disable(): void {
    this.enabled = false
  }
}
